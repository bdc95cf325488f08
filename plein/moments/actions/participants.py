# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from plein.core.operations import operation
from plein.moments.models import Moment, Participant
from plein.moments.queries.people import organizations_of
from plein.moments.vocabulary import MomentKind, ParticipantRole
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


class UnknownRelation(ValueError):
    """Somebody named as a participant is not one the actor may see."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in a moment that is being recorded."""

    relation_id: UUID | None
    role: str = ParticipantRole.WITH
    contact_point_id: UUID | None = None
    heard_name: str = ""


def visible_relations(ids: Iterable[UUID | None]) -> dict[UUID, Relation]:
    """The relations of these ids; raises UnknownRelation when one of them may not be seen."""
    wanted = {one for one in ids if one is not None}
    found: dict[UUID, Relation] = Relation.objects.in_bulk(wanted)
    if missing := wanted - found.keys():
        raise UnknownRelation(str(missing))
    return found


def add_participants(moment: Moment, parts: Sequence[Part]) -> list[Participant]:
    """Write the participants of a moment, and each organization on whose behalf somebody took part.

    The organization gets a row of its own, so that one index serves the timelines of people and organizations.
    """
    relations = visible_relations(part.relation_id for part in parts)
    rows = [
        Participant(
            moment=moment,
            role=part.role,
            relation_id=part.relation_id,
            contact_point_id=part.contact_point_id,
            heard_name=part.heard_name or (relations[part.relation_id].name if part.relation_id else ""),
            is_ours=part.relation_id is not None and _is_ours(relations[part.relation_id]),
            occurred_at=moment.occurred_at,
        )
        for part in parts
    ]
    people = [one.id for one in relations.values() if one.is_person and not _is_ours(one)]
    rows += _on_behalf_of(moment, people, present=set(relations))
    return list(Participant.objects.bulk_create(rows))


def _is_ours(relation: Relation) -> bool:
    return relation.is_ours or relation.seat_id is not None


def _on_behalf_of(moment: Moment, people: Sequence[UUID], *, present: set[UUID]) -> list[Participant]:
    if not people:
        return []
    day = timezone.localtime(moment.occurred_at).date()
    return [
        Participant(moment=moment, role=ParticipantRole.FOR, relation_id=one, occurred_at=moment.occurred_at)
        for one in organizations_of(people, day)
        if one not in present
    ]


def rebind_participant(*, actor: Entrance, participant: Participant, relation: Relation | None) -> Participant:
    """Say who a participant really was. What was heard stays as it was heard; organizations follow the new belief."""
    permit(actor, "write")
    moment = participant.moment
    with operation("rebind_participant"):
        before = participant.relation
        Participant.objects.filter(id=participant.id).update(
            relation=relation, is_ours=relation is not None and _is_ours(relation)
        )
        _settle_organizations(moment, before, relation)
    participant.refresh_from_db()
    return participant


def set_participants(moment: Moment, wanted: Sequence[UUID]) -> None:
    """Let exactly these relations take part, and the organizations they belong to; what was only heard stays.

    Runs inside the operation of whoever calls.
    """
    relations = visible_relations(wanted)
    rows = list(Participant.objects.filter(moment=moment, relation_id__isnull=False))
    present = {row.relation_id for row in rows if row.role != ParticipantRole.FOR}
    gone = [row.id for row in rows if row.role != ParticipantRole.FOR and row.relation_id not in relations]
    ours, theirs = roles_with(moment.kind)
    fresh = [one for one in relations if one not in present]
    if not gone and not fresh:
        return
    Participant.objects.filter(id__in=gone).delete()
    Participant.objects.filter(moment=moment, role=ParticipantRole.FOR).delete()
    add_participants(moment, [Part(one, ours if _is_ours(relations[one]) else theirs) for one in fresh])
    people = [one.id for one in relations.values() if one.is_person and not _is_ours(one)]
    taken = Participant.objects.filter(moment=moment).values_list("relation_id", flat=True)
    Participant.objects.bulk_create(_on_behalf_of(moment, people, present=set(taken)))


def roles_with(kind: str) -> tuple[str, str]:
    """The parts of our side and theirs in something that is planned: a call is made, all else is had together."""
    if kind == MomentKind.CALL:
        return ParticipantRole.FROM, ParticipantRole.TO
    return ParticipantRole.WITH, ParticipantRole.WITH


def _settle_organizations(moment: Moment, before: Relation | None, after: Relation | None) -> None:
    day = timezone.localtime(moment.occurred_at).date()
    rows = list(Participant.objects.filter(moment=moment, relation_id__isnull=False).select_related("relation"))
    people = [one.relation_id for one in rows if one.role != ParticipantRole.FOR and one.relation_id]
    wanted = set(organizations_of(people, day))
    if before is not None:
        gone = set(organizations_of([before.id], day)) - wanted
        Participant.objects.filter(moment=moment, role=ParticipantRole.FOR, relation_id__in=gone).delete()
    if after is not None and not _is_ours(after):
        present = {one.relation_id for one in rows if one.relation_id}
        Participant.objects.bulk_create(_on_behalf_of(moment, [after.id], present=present))
