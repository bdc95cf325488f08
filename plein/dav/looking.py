# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a calendar file in as a whole, or only looks what would become of it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from plein.channels.connectors.icalfeed.parse import NoCalendar, Written, read_calendar
from plein.core.isolation import in_operation
from plein.core.operations import begin
from plein.dav.bringing import Bringer, Brought
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: What one file may hold, and how many appointments are brought in while somebody waits; the command takes them all.
MOST_BYTES, MOST_APPOINTMENTS, WHILE_WAITING = 200 << 20, 200_000, 300


class _OnlyLooking(Exception):
    """Ends a look: nothing that was written stays."""


def read_file(body: bytes) -> list[Written]:
    """The appointments of a file; raises NoCalendar."""
    if len(body) > MOST_BYTES:
        raise NoCalendar("The calendar is larger than Plein takes in.")
    _name, found = read_calendar(body, most=MOST_APPOINTMENTS)
    return found


def bring_calendar(*, actor: Entrance, some: Sequence[Written], circle: str) -> tuple[UUID, list[Brought]]:
    """Bring appointments in, under one operation. Raises UnknownCircle."""
    permit(actor, "import")
    opened = begin("import_calendar", appointments=len(some))
    with in_operation(opened.id):
        return opened.id, Bringer(actor, circle).bring(some)


def look_at_calendar(*, actor: Entrance, some: Sequence[Written], circle: str) -> list[Brought]:
    """What would become of appointments: all is done, and taken back. Raises UnknownCircle."""
    permit(actor, "import")
    found: list[Brought] = []
    try:
        with transaction.atomic():
            _operation, found = bring_calendar(actor=actor, some=some, circle=circle)
            raise _OnlyLooking
    except _OnlyLooking:
        return found
