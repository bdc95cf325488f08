# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads calendars as people have them on disk: iCalendar, with its recurrences and time zones."""
