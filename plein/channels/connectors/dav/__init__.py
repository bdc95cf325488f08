# SPDX-License-Identifier: AGPL-3.0-or-later
"""Address books and calendars on a server of others, by CardDAV and CalDAV: heard, and written back."""
