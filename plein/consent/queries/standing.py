# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands: what somebody decided last, for each purpose and contact point, in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from plein.consent.models import Decision, InForce, Subject
from plein.consent.vocabulary import State
from plein.core.models import Operation
from plein.relations.models import ContactPointLink


def counting() -> QuerySet[Decision]:
    """Decisions that were not taken back."""
    return Decision.objects.filter(Exists(InForce.objects.filter(decision_id=OuterRef("id"))))


def latest() -> QuerySet[Decision]:
    """The last decision of each subject for each purpose and contact point."""
    newest = ("subject_id", "purpose_id", "point_kind", "point_value")
    return counting().order_by(*newest, "-decided_at", "-id").distinct(*newest)


def decided(relations: Iterable[UUID]) -> dict[UUID, list[Decision]]:
    """The last decisions of the people behind these relations, by relation; one that became one of two has both's.

    With what was said about one of their addresses before we knew whose it was. Two queries.
    """
    newest = ("relation_id", "purpose_id", "point_kind", "point_value")
    wanted = list(relations)
    return _by_relation(_said_by(wanted).order_by(*newest, "-decided_at", "-id").distinct(*newest), wanted)


def noted(relations: Iterable[UUID]) -> dict[UUID, list[Decision]]:
    """The same, with all that they decided before. Two queries."""
    wanted = list(relations)
    return _by_relation(_said_by(wanted), wanted)


def _by_relation(rows: QuerySet[Any, Any], wanted: Sequence[UUID]) -> dict[UUID, list[Decision]]:
    found: dict[UUID, list[Decision]] = {}
    for one in (*rows, *_said_of_addresses(wanted)):
        found.setdefault(one.relation_id, []).append(one)
    return found


def _said_by(relations: Sequence[UUID]) -> QuerySet[Any, Any]:
    of_them = Subject.objects.filter(relation_id__in=relations)
    return counting().filter(subject__in=of_them).annotate(relation_id=F("subject__relation_id"))


def _said_of_addresses(relations: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Decisions about addresses of nobody we knew then, which belong to one of these relations now."""
    links = ContactPointLink.objects.filter(relation_id__in=list(relations), revoked_at__isnull=True)
    mine = links.filter(contact_point__kind=OuterRef("point_kind"), contact_point__value=OuterRef("point_value"))
    about = counting().filter(point_value__in=links.values("contact_point__value"), subject__relation_id__isnull=True)
    whose = Subquery(mine.order_by("id").values("relation_id")[:1])
    return about.annotate(relation_id=whose).filter(relation_id__isnull=False)


def effective(decisions: Sequence[Decision], purpose: UUID, kind: str = "", value: str = "") -> Decision | None:
    """What counts for one contact point: the newest of what was decided about it and about all of them."""
    about = [
        one
        for one in decisions
        if one.purpose_id == purpose and (not one.point_value or (one.point_kind, one.point_value) == (kind, value))
    ]
    return max(about, key=lambda one: (one.decided_at, one.id), default=None)


def state_of(decision: Decision | None) -> State:
    """The state in force; never asked when there is no decision."""
    return decision.state_now if decision is not None else State.NEVER


@dataclass(frozen=True, slots=True)
class Past:
    """A decision as the list of them shows it, and whether and when it was taken back."""

    decision: Decision
    is_in_force: bool
    taken_back_at: datetime | None = None
    taken_back_by: str = ""


@dataclass(slots=True)
class Book:
    """Everything one relation ever decided, the newest first."""

    subject_id: UUID | None = None
    lines: list[Past] = field(default_factory=list)


def book_of(relation_id: UUID, *, most: int | None = 200) -> Book:
    """The whole list of decisions of the person behind a relation, taken back or not: the last so many, or all."""
    waiting = _said_of_addresses([relation_id]).values("subject_id")
    mine = Subject.objects.filter(Q(relation_id=relation_id) | Q(id__in=waiting))
    subjects = list(mine.order_by(F("relation_id").asc(nulls_last=True), "created_at", "id"))
    return book_of_subjects(subjects, most=most)


def book_of_subjects(subjects: Sequence[Subject], *, most: int | None = 200) -> Book:
    """The whole list of decisions of these subjects."""
    if not subjects:
        return Book()
    rows = (
        Decision.objects.filter(subject__in=subjects)
        .annotate(counts=Exists(InForce.objects.filter(decision_id=OuterRef("id"))))
        .select_related("seat__user", "text")
        .order_by("-decided_at", "-id")
    )
    decisions = list(rows[:most])
    undone = _taken_back({one.operation_id for one in decisions if not one.counts})
    return Book(subjects[0].id, [_past(one, undone) for one in decisions])


def _past(decision: Any, undone: dict[UUID, Operation]) -> Past:
    how = undone.get(decision.operation_id)
    return Past(decision, decision.counts, how.started_at if how else None)


def _taken_back(operations: set[UUID]) -> dict[UUID, Operation]:
    if not operations:
        return {}
    return {one.undoes: one for one in Operation.objects.filter(undoes__in=operations) if one.undoes}
