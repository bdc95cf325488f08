# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar object by which an invitation is answered (RFC 5546, METHOD:REPLY)."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress

from plein.core.ids import now
from plein.moments.vocabulary import Answer

PRODUCT = "-//Plein//Plein//EN"
#: How the standard calls what somebody answers.
SAID = {Answer.ACCEPTED: "ACCEPTED", Answer.TENTATIVE: "TENTATIVE", Answer.DECLINED: "DECLINED"}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that waits for an answer: its identifier and version, when and what, by whom, as which address."""

    uid: str
    sequence: int
    starts_at: datetime
    is_all_day: bool
    title: str
    organizer: str
    attendee: str


def reply_of(invited: Invited, answer: Answer, name: str) -> bytes:
    """The answer of one who was invited, as calendars understand it."""
    reply, event = Calendar(), Event()
    reply.add("prodid", PRODUCT)
    reply.add("version", "2.0")
    reply.add("method", "REPLY")
    event.add("uid", invited.uid)
    event.add("sequence", invited.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", invited.starts_at.date() if invited.is_all_day else invited.starts_at)
    if invited.title:
        event.add("summary", invited.title)
    event["organizer"] = vCalAddress(f"mailto:{invited.organizer}")
    me = vCalAddress(f"mailto:{invited.attendee}")
    me.params["partstat"] = SAID[answer]
    if name:
        me.params["cn"] = name
    event.add("attendee", me, encode=False)
    reply.add_component(event)
    made: bytes = reply.to_ical()
    return made
