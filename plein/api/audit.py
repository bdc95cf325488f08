# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the audit log: for tokens whose scope is managing."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.audit import audit
from plein.core.audit.reading import LogLine, Wanted, lines_for_reader, looked_at, names_of
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import needs
from plein.lists.export.streaming import REMEMBERED_ABOVE
from plein.relations.queries.merging import with_formers
from plein.trust.models import Seat
from plein.trust.permissions import require_proof
from plein.trust.seats import seat_of

router = Router(tags=["audit"])
PAGE, MOST_LOOKS = 50, 20_000
Event = Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$", description="Only lines of this event.")]
Session = Annotated[str, Field(max_length=32, pattern=r"^[0-9a-f]*$", description="Only what this session did.")]


class AuditLine(BaseModel):
    """One line of the log: ids and keyed hashes. Of what it is about, as much as the reader may see."""

    id: UUID
    at: datetime
    event: str
    seat: UUID | None
    user: UUID | None
    door: str
    kind: str
    count: int
    records: list[UUID]
    facts: dict[str, Any]
    session: str
    token: UUID | None
    origin: str


class AuditList(BaseModel):
    """A page of the log, and where the next one starts."""

    items: list[AuditLine]
    next: str | None


class Look(BaseModel):
    """One record that somebody read or took along; `name` as far as the reader may see it now."""

    at: datetime
    event: str
    seat: UUID | None
    by: str
    kind: str
    record: UUID
    name: str
    door: str
    session: str
    token: UUID | None
    origin: str


class LookList(BaseModel):
    """Who looked at what, the newest first; `is_whole` says whether that is all that was asked for."""

    items: list[Look]
    is_whole: bool


@router.get("/audit", response=AuditList, summary="Read the audit log")
@needs("manage")
def read_audit(
    request: HttpRequest,
    event: Event = "",
    seat: UUID | None = None,
    record: UUID | None = None,
    session: Session = "",
    token: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> AuditList:
    """Who looked, took along, came in, and changed what others may, newest first."""
    del request
    wanted = Wanted(
        events=(event,) if event else (),
        seat_id=seat,
        record_ids=with_formers(record),
        session=session,
        token_id=token,
        since=_aware("since", since),
        until=_aware("until", until),
        before=_place(cursor),
    )
    found = lines_for_reader(wanted, limit=limit + 1)
    page = found[:limit]
    following = f"{page[-1].entry.at.isoformat()}~{page[-1].entry.id}".replace("+00:00", "Z") if page else None
    return AuditList(items=[_item(line) for line in page], next=following if len(found) > limit else None)


@router.get("/audit/looked-at", response=LookList, summary="Read who looked at what")
@needs("manage")
def read_looked_at(
    request: HttpRequest,
    since: datetime,
    until: datetime | None = None,
    seat: UUID | None = None,
    record: UUID | None = None,
    session: Session = "",
    token: UUID | None = None,
) -> LookList:
    """Each record that was read or taken along since then: what one needs after a leak. This is logged itself.

    More than 1,000 ask for a token that was made for what asks for a proof; the newest 20,000 are told.
    """
    wanted = Wanted(
        seat_id=seat,
        record_ids=with_formers(record),
        session=session,
        token_id=token,
        since=_aware("since", since),
        until=_aware("until", until),
    )
    found = list(looked_at(wanted, most=MOST_LOOKS + 1))
    shown = found[:MOST_LOOKS]
    if len(shown) > REMEMBERED_ABOVE:
        require_proof(seat_of(request))
    names = names_of(look.record for look in shown)
    seats = Seat.objects.filter(id__in={look.entry.seat_id for look in shown if look.entry.seat_id})
    people = {one.id: str(one) for one in seats.select_related("user")}
    audit("export_log", kind="log", what="looked_at", rows=len(shown), format="json")
    items = [
        Look(
            at=look.entry.at,
            event=look.entry.event,
            seat=look.entry.seat_id,
            by=people.get(look.entry.seat_id, "") if look.entry.seat_id else "",
            kind=look.entry.kind,
            record=look.record,
            name=names.get(look.record, ""),
            door=look.entry.door,
            session=look.entry.session,
            token=look.entry.token_id,
            origin=look.entry.origin,
        )
        for look in shown
    ]
    return LookList(items=items, is_whole=len(found) <= MOST_LOOKS)


def _item(line: LogLine) -> AuditLine:
    entry = line.entry
    return AuditLine(
        id=entry.id,
        at=entry.at,
        event=entry.event,
        seat=entry.seat_id,
        user=entry.user_id,
        door=entry.door,
        kind=entry.kind,
        count=line.count,
        records=line.records,
        facts=json.loads(entry.facts),
        session=entry.session,
        token=entry.token_id,
        origin=entry.origin,
    )


def _aware(field: str, moment: datetime | None) -> datetime | None:
    if moment is not None and not timezone.is_aware(moment):
        raise NotUnderstood(field, _("Say in which time zone: 2026-05-01T09:00:00+02:00."))
    return moment


def _place(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    at, _tilde, identifier = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        if timezone.is_aware(moment):
            return moment, UUID(identifier)
    except ValueError:
        pass
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
