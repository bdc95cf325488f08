# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the owner of a connection added here and that is to stand in their books and calendars elsewhere too."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from plein.channels.models import Connection
from plein.core.ids import now
from plein.core.models import Change
from plein.dav.card_photos import OLD, picture_of
from plein.dav.cards import uid_of, write_card
from plein.dav.ics_text import write_event, write_todo
from plein.dav.models import Mirrored
from plein.dav.queries.agenda import event_of, todo_of
from plein.dav.queries.book import facts_of
from plein.moments.models import Moment, Planning, ToDo
from plein.moments.vocabulary import State
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

#: So many of each are brought there at a time.
MOST = 200
ADDED = "I"
type AdditionKind = Literal["card", "event", "todo"]
KINDS: tuple[AdditionKind, ...] = ("card", "event", "todo")


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that is to stand there: its text, and what of it is ours then."""

    kind: AdditionKind
    id: UUID
    uid: str
    text: str
    ours: dict[str, object]


def additions(actor: Entrance, connection: Connection, kinds: Collection[AdditionKind]) -> Iterator[Addition]:
    """What was added here since the account was connected and stands in none of theirs yet, of these kinds."""
    if "card" in kinds:
        for facts in facts_of(list(_relations(actor, connection)[:MOST])):
            text = write_card(facts, OLD, None, picture_of)
            yield Addition("card", facts.id, uid_of(facts, None), text, {**facts.ours()})
    if "event" in kinds:
        zone = zone_of(actor.user)
        for moment in _first_of_series(list(_moments(actor, connection)[:MOST])):
            planned = event_of(moment, zone, with_series=True)
            text = write_event(planned, with_names=False)
            yield Addition("event", moment.id, planned.uid, text, {**planned.ours()})
    if "todo" in kinds:
        for todo in _todos(actor, connection)[:MOST]:
            said = todo_of(todo, zone_of(actor.user))
            yield Addition("todo", todo.id, str(todo.id), write_todo(said), {**said.ours()})


def _relations(actor: Entrance, connection: Connection) -> QuerySet[Relation]:
    """Whom they added by hand: not colleagues, and not whom a mailbox, an import or a device brought."""
    mine = Change.objects.filter(row_id=OuterRef("id"), kind=ADDED, seat_id=actor.seat_id)
    there = Mirrored.objects.filter(relation_id=OuterRef("id"))
    found: QuerySet[Relation] = Relation.objects.filter(
        Exists(mine),
        ~Exists(there),
        circle_id=connection.circle_id,
        created_at__gt=connection.created_at,
        source=Source.HAND,
        seat__isnull=True,
        is_ours=False,
    )
    return found.order_by("created_at", "id")


def _moments(actor: Entrance, connection: Connection) -> QuerySet[Moment]:
    """What they planned and is still to come; what others invited them to stays where the invitation came in."""
    there = Mirrored.objects.filter(moment_id=OuterRef("id"))
    found: QuerySet[Moment] = Moment.objects.filter(
        ~Exists(there),
        circle_id=connection.circle_id,
        created_at__gt=connection.created_at,
        recorded_by_id=actor.seat_id,
        state=State.PLANNED,
        occurred_at__gt=now(),
        calendar_uid="",
    )
    return found.order_by("occurred_at", "id")


def _todos(actor: Entrance, connection: Connection) -> QuerySet[ToDo]:
    """What they put on their own list and is still to be done."""
    mine = Change.objects.filter(row_id=OuterRef("id"), kind=ADDED, seat_id=actor.seat_id)
    there = Mirrored.objects.filter(todo_id=OuterRef("id"))
    found: QuerySet[ToDo] = ToDo.objects.filter(
        Exists(mine),
        ~Exists(there),
        circle_id=connection.circle_id,
        created_at__gt=connection.created_at,
        assignee_id=actor.seat_id,
        done_at__isnull=True,
        source=Source.HAND,
    )
    return found.order_by("created_at", "id")


def _first_of_series(moments: list[Moment]) -> Iterator[Moment]:
    """Of a series the appointment that begins it stands for all; one that does not come with it is left out."""
    rows = Planning.objects.filter(moment_id__in=[one.id for one in moments], series__isnull=False)
    series = {one.moment_id: one.series_id for one in rows}
    begins: dict[UUID | None, UUID] = {}
    for one in Planning.objects.filter(series_id__in=set(series.values())).order_by("-slot", "-id"):
        begins[one.series_id] = one.moment_id
    for moment in moments:
        if moment.id not in series or begins[series[moment.id]] == moment.id:
            yield moment


def waiting_there(connection_id: UUID) -> QuerySet[Mirrored]:
    """What is to stand there and of which it is not sure yet that it does."""
    found: QuerySet[Mirrored] = Mirrored.objects.filter(connection_id=connection_id, is_waiting=True).order_by("id")
    return found
