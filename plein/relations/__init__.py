# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everybody and everything we deal with: people, organizations, how to reach them, what they do and whom they know."""
