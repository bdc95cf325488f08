# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mentions in a text: people, organizations, products, days and amounts by a model; telephone numbers, addresses and
links by their form.
"""
