# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole product through somebody else's eyes: as they would see it, and with nothing that writes.

Two locks hold the second: a request that is no reading is refused before any page is asked, and the transaction in
which a page is made is read-only, so that the database itself refuses what slipped through. What was opened is in the
log under the name of who looked, written after that transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from plein.core.audit import audit_glimpses, glimpsing
from plein.core.chain import READ, through
from plein.core.models import AuditEntry
from plein.trust.models import Look, Role
from plein.trust.seats import Entrance, entered

#: Where the session keeps which look it is in.
LOOK = "look"
#: What the database is told: it lets nothing be written until the request is over.
READ_ONLY = "SET LOCAL transaction_read_only = on"
#: Addresses that are asked with one's own eyes, whatever one looks through.
OWN_EYES = ("/look/stop/", "/sign-out/", "/workspaces/go/")
#: What is somebody's alone, and no part of the product as they see it: how they get in, and what their devices keep.
THEIRS_ALONE = ("/settings/security/", "/settings/tokens/", "/settings/password/", "/offline/", "/notifications/stream")


@dataclass(frozen=True, slots=True)
class Looking:
    """Through whose eyes somebody looks, and until when."""

    name: str
    until: datetime


def running_look(request: HttpRequest, seat: Entrance) -> Look | None:
    """The look this session is in, if it still lasts; by the database's clock."""
    wanted = request.session.get(LOOK)
    if not wanted:
        return None
    found: Look | None = None
    if seat.role == Role.OWNER:
        looks = Look.objects.filter(id=wanted, seat_id=seat.seat_id, ended_at__isnull=True, ends_at__gt=Now())
        looks = looks.filter(as_seat__is_active=True, as_seat__user__is_active=True)
        found = looks.exclude(as_seat__role=Role.OWNER).select_related("as_seat__user").first()
    if found is None:
        del request.session[LOOK]
    return found


@contextmanager
def through_eyes(request: HttpRequest, seat: Entrance) -> Iterator[Entrance]:
    """The seat with whose eyes a request is answered: one's own, or those of whom one looks as."""
    look = None if request.path_info in OWN_EYES else running_look(request, seat)
    if look is None:
        yield seat
        return
    user = look.as_seat.user
    with glimpsing() as opened:
        with transaction.atomic():
            with entered(user, seat.workspace_id, door="look") as eyes:
                with connection.cursor() as cursor:
                    cursor.execute(READ_ONLY)
                request.looking = Looking(str(user), look.ends_at)  # type: ignore[attr-defined]
                request.user = user
                yield eyes
            transaction.set_rollback(True)
        audit_glimpses(opened, look=look.id)


def looking_of(request: HttpRequest) -> Looking | None:
    """Through whose eyes a request is answered, when it is not one's own."""
    found = getattr(request, "looking", None)
    return found if isinstance(found, Looking) else None


@dataclass(frozen=True, slots=True)
class ShownLook:
    """One time that somebody looked through the reader's eyes, and how many things they opened."""

    look: Look
    opened: int


def looks_through(seat: Entrance, *, most: int) -> list[ShownLook]:
    """Who looked through the eyes of a seat, the latest first, and how much they opened."""
    looks = list(
        Look.objects.filter(as_seat_id=seat.seat_id).select_related("seat__user").order_by("-started_at")[:most]
    )
    counts = dict.fromkeys((str(one.id) for one in looks), 0)
    if looks:
        since = min(one.started_at for one in looks)
        lines = AuditEntry.objects.filter(seat_id__in={one.seat_id for one in looks}, at__gte=since, event=READ)
        for facts, records in lines.filter(facts__contains='"look":').values_list("facts", "records"):
            if through(facts) in counts:
                counts[through(facts)] += len(records)
    return [ShownLook(one, counts[str(one.id)]) for one in looks]
