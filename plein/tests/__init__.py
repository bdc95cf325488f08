# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys across domains, and what no domain can promise alone: architecture, isolation, every address, the docs."""
