# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads address books as people have them on disk: vCard 2.1, 3.0 and 4.0, and tables of any kind."""
