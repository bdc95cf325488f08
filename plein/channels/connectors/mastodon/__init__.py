# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mastodon, and other servers of the fediverse that speak its language: what reaches an account, and answering it."""
