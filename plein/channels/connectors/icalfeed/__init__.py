# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars that can be followed: an address at which the appointments of somebody stand as iCalendar."""
