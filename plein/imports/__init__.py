# SPDX-License-Identifier: AGPL-3.0-or-later
"""Address books that are brought in: what becomes of each entry, and which could not be."""
