# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings mail in: from messages to contact moments, people and organizations, once, and without losing any."""
