# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bluesky: what reaches an account over the AT protocol, and answering it."""
