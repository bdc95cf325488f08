# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars as programs write them, made here."""

OSLO = (
    "BEGIN:VTIMEZONE\r\nTZID:Fjord Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def one(uid: str, title: str, *more: str, starts: str = "20300105T090000Z", ends: str = "20300105T100000Z") -> str:
    """One event of a calendar."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{starts}", f"DTEND:{ends}",
             f"SUMMARY:{title}", *more, "END:VEVENT", ""]  # fmt: skip
    return "\r\n".join(lines)


def calendar(*events: str, head: str = "X-WR-CALNAME:Training\r\n") -> bytes:
    """A calendar with these events."""
    start = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Club//EN\r\n{head}"
    return (start + "".join(events) + "END:VCALENDAR\r\n").encode()
