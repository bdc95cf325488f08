# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in a list of ties from elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from plein.consent.actions import Answer, record_consents
from plein.consent.queries import purpose_called
from plein.consent.vocabulary import INTRODUCTIONS, How, State
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.models import Moment, Participant
from plein.network.loading import CONTACTS, MEMBER, Line
from plein.relations.models import Membership, Relation, Tie
from plein.relations.names import parse_name, sort_name
from plein.relations.queries.ties import tie_types
from plein.relations.vocabulary import RelationKind, Source
from plein.trust.circles import circle_for_new, own_circle_for_new
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a list of ties."""

    operation_id: UUID
    relations: int
    ties: int
    memberships: int
    moments: int
    decisions: int
    waiting: tuple[str, ...] = ()


class Jobs(StrEnum):
    """What becomes of the work of somebody whom a list puts at another organization."""

    ADD = "add"
    CHANGE = "change"
    ASK = "ask"


def load_ties(*, actor: Entrance, lines: Sequence[Line], jobs: Jobs = Jobs.ADD) -> Loaded:
    """Bring in ties, memberships and contact, and whoever is not there yet by that name; one operation.

    Who works elsewhere works here too, or instead from the first day named, or waits until somebody decides: those are
    named in what comes back, and nothing is noted of their work. Raises UnknownCircle.
    """
    permit(actor, "import")
    with operation("load_ties", count=len(lines)) as done:
        people, fresh = _relations(lines)
        own = {one.key: one.id for one in tie_types()}
        ties = [_tie(line, people, own) for line in lines if line.type not in (MEMBER, *CONTACTS)]
        Tie.objects.bulk_create([tie for tie in ties if tie.one_id != tie.other_id], AT_ONCE)
        members, waiting = _settled([_membership(line, people) for line in lines if line.type == MEMBER], jobs)
        Membership.objects.bulk_create(members, AT_ONCE)
        moments = _contact(actor, [line for line in lines if line.type in CONTACTS], people)
        decisions = _decisions(actor, lines, people)
    return Loaded(done.id, fresh, len(ties), len(members), moments, decisions, waiting)


def _settled(members: Sequence[Membership], jobs: Jobs) -> tuple[list[Membership], tuple[str, ...]]:
    """The memberships to note, once the work that ends because of them has ended; and in words what waits."""
    today = now().date()
    present = [one for one in members if one.ends_on is None or one.ends_on >= today]
    if jobs == Jobs.ADD or not present:
        return list(members), ()
    elsewhere: dict[UUID, list[Membership]] = defaultdict(list)
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    for one in Membership.objects.filter(going_on, person_id__in={one.person_id for one in present}):
        elsewhere[one.person_id].append(one)
    waiting: dict[UUID, str] = {}
    for member in present:
        leaves = [one for one in elsewhere[member.person_id] if one.organization_id != member.organization_id]
        if leaves and jobs == Jobs.ASK:
            waiting[member.id] = f"{member.person.name}: {member.organization.name}"
            continue
        last = (member.starts_on or today) - timedelta(days=1)
        for one in leaves:
            ends_on = max(last, one.starts_on) if one.starts_on else last
            Membership.objects.filter(id=one.id).update(ends_on=ends_on)
    return [one for one in members if one.id not in waiting], tuple(waiting.values())


type People = dict[tuple[str, str], Relation]


def _relations(lines: Sequence[Line]) -> tuple[People, int]:
    """Everybody named, the oldest of a name; who is not there is made."""
    wanted = dict.fromkeys(end for line in lines for end in (line.one, line.other))
    found: People = {}
    for one in Relation.objects.filter(name__in={name for _kind, name in wanted}).order_by("-id"):
        found[one.kind, one.name] = one
    fresh = [_fresh(kind, name) for kind, name in wanted if (kind, name) not in found]
    Relation.objects.bulk_create(fresh, AT_ONCE)
    return found | {(one.kind, one.name): one for one in fresh}, len(fresh)


def _fresh(kind: str, name: str) -> Relation:
    is_person = kind == RelationKind.PERSON
    parts = parse_name(name) if is_person else None
    values = {"given_name": parts.given, "infix": parts.infix, "family_name": parts.family} if parts else {}
    sorted_by = sort_name(name, is_person=is_person, parts=parts) if parts else sort_name(name, is_person=False)
    return Relation(kind=kind, name=name, sort_name=sorted_by, source=Source.IMPORT, **values)


def _tie(line: Line, people: People, own: Mapping[str, UUID]) -> Tie:
    return Tie(
        one=people[line.one],
        other=people[line.other],
        kind=line.type,
        type_id=own.get(line.type),
        starts_on=line.since,
        ends_on=line.until,
        may_introduce=line.may_introduce,
        own_circle_id=own_circle_for_new(line.circle) if line.circle else None,
        source=Source.IMPORT,
    )


def _membership(line: Line, people: People) -> Membership:
    return Membership(
        person=people[line.one],
        organization=people[line.other],
        starts_on=line.since,
        ends_on=line.until,
        source=Source.IMPORT,
    )


def _contact(actor: Entrance, lines: Sequence[Line], people: People) -> int:
    """As many moments as a line weighs, spread evenly over its period."""
    moments, parts = [], []
    for line in lines:
        last = datetime.combine(line.until or line.since or now().date(), time(12), UTC)
        first = datetime.combine(line.since, time(12), UTC) if line.since else last - timedelta(days=line.weight)
        for number in range(line.weight):
            moment = Moment(
                id=new_id(),
                kind=line.type,
                occurred_at=last - (last - first) * number / line.weight,
                circle_id=circle_for_new(line.circle),
                recorded_by_id=actor.seat_id,
                source=Source.IMPORT,
            )
            moments.append(moment)
            for end, role in ((line.one, "from"), (line.other, "to")):
                parts.append(
                    Participant(moment=moment, relation=people[end], role=role, occurred_at=moment.occurred_at)
                )
    Moment.objects.bulk_create(moments, AT_ONCE)
    Participant.objects.bulk_create(parts, AT_ONCE)
    return len(moments)


def _decisions(actor: Entrance, lines: Sequence[Line], people: People) -> int:
    """What a list says about asking the people in its column `to`."""
    said = {line.other: line.may_be_asked for line in lines if line.may_be_asked is not None}
    purpose = purpose_called(INTRODUCTIONS)
    if not said or purpose is None:
        return 0
    answers = [
        Answer(
            relation=people[end],
            purpose=purpose,
            state=State.GIVEN if may else State.REFUSED,
            how=How.IMPORT,
        )
        for end, may in said.items()
        if people[end].is_person
    ]
    return len(record_consents(actor=actor, answers=answers))
