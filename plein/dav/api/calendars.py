# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to calendars that are brought in."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel

from plein.channels.connectors.icalfeed.parse import NoCalendar
from plein.core.payloads import Invalid, Payload, needs
from plein.dav.bringing import OUTCOMES, Brought
from plein.dav.looking import WHILE_WAITING, bring_calendar, look_at_calendar, read_file
from plein.trust.audience import Circle
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.seats import seat_of

router = Router(tags=["imports"])


class CalendarIn(Payload):
    """Who may see what is new, and whether it is only looked at."""

    circle: Circle = ""
    dry_run: bool = False


class AppointmentBroughtOut(BaseModel):
    """What became of an appointment of the file: `new`, `changed`, `same`, `past` or `refused`, and why."""

    uid: str
    title: str
    starts: date | datetime | None
    becomes: str
    reason: str
    moment: UUID | None


class CalendarOut(BaseModel):
    """What became of a calendar; `operation` turns all of it back, and is not there when it was only looked at."""

    operation: UUID | None
    appointments: int
    counts: dict[str, int]
    items: list[AppointmentBroughtOut]


@router.post("/imports/calendar", response={201: CalendarOut}, summary="Bring a calendar in")
@needs("import")
def import_calendar(request: HttpRequest, file: File[UploadedFile], choices: Form[CalendarIn]) -> Status[CalendarOut]:
    """An iCalendar file of 300 appointments at most; `plein import calendar` takes any number.

    The same file again changes nothing; an appointment with the identifier of one that is here changes that one.
    """
    actor = seat_of(request)
    slow_down("upload", actor.user.id, most=UPLOADS)
    try:
        found = read_file(file.read())
    except NoCalendar as trouble:
        raise Invalid({"file": str(trouble)}) from trouble
    if len(found) > WHILE_WAITING:
        told = _("At most %(most)s appointments at once; “plein import calendar” takes any number.")
        raise Invalid({"file": told % {"most": WHILE_WAITING}})
    if choices.dry_run:
        return Status(201, _told(None, look_at_calendar(actor=actor, some=found, circle=choices.circle)))
    return Status(201, _told(*bring_calendar(actor=actor, some=found, circle=choices.circle)))


def _told(operation: UUID | None, brought: list[Brought]) -> CalendarOut:
    counts = {outcome: sum(one.becomes == outcome for one in brought) for outcome in OUTCOMES}
    items = [
        AppointmentBroughtOut(
            uid=one.uid,
            title=one.title,
            starts=one.starts_at,
            becomes=one.becomes,
            reason=one.reason,
            moment=one.moment_id if operation else None,
        )
        for one in brought
    ]
    return CalendarOut(operation=operation, appointments=len(brought), counts=counts, items=items)
