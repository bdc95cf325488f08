# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listening: what is said in public about what matters to us, how much and in what mood, and how much is dialogue."""
