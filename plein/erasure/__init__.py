# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a person, the list of erasures that outlives backups, and telling somebody what is kept about them."""
