# SPDX-License-Identifier: AGPL-3.0-or-later
"""Noting what people decided. What was noted stays; turning it back is seen in the list (ADR 0023)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from plein.consent.actions.purposes import begin_purposes
from plein.consent.digests import digest_of
from plein.consent.models import Decision, InForce, Purpose, Subject
from plein.consent.queries.standing import counting, noted
from plein.consent.refusals import Refused
from plein.consent.vocabulary import DECISIONS, How, State
from plein.core.audit import audit
from plein.core.ids import new_id, now
from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_NOTE = 1000
MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said: for what, about which contact point (none means all), when, and how we know.

    Without a day (`is_dated`) the same answer says nothing new while it stands.
    """

    purpose: Purpose
    state: str
    how: str
    point_kind: str = ""
    point_value: str = ""
    decided_at: datetime = field(default_factory=now)
    is_dated: bool = True
    note: str = ""
    moment_id: UUID | None = None

    @property
    def about(self) -> tuple[object, ...]:
        """What it is an answer to."""
        return (self.purpose.id, self.point_kind, self.point_value)

    @property
    def place(self) -> tuple[object, ...]:
        """By which two answers are the same."""
        day = timezone.localdate(self.decided_at) if self.is_dated else None
        return (*self.about, self.state, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Said):
    """What one person decided."""

    relation: Relation


def record_consent(*, actor: Entrance, answer: Answer) -> Decision:
    """Note what somebody decided; raises Refused. Noting the same once more gives what is there already."""
    permit(actor, "write")
    made = _record(actor, [answer], "record_consent")
    if made:
        return made[0]
    same = noted([answer.relation.id])[answer.relation.id]
    return max((one for one in same if answer.place in _places([one])), key=lambda one: (one.decided_at, one.id))


def record_consents(*, actor: Entrance, answers: Sequence[Answer]) -> list[Decision]:
    """Note what many people decided, as one operation; what stands already is passed over. Raises Refused."""
    permit(actor, "write")
    return _record(actor, answers, "record_consents")


def record_imported(*, actor: Entrance, answers: Sequence[Answer]) -> list[Decision]:
    """Note what a list says people decided, as part of an import; what stands already is passed over."""
    permit(actor, "import")
    return _record(actor, answers, "import_consents")


def _record(actor: Entrance, answers: Sequence[Answer], verb: str) -> list[Decision]:
    for one in answers:
        _check(one)
    with operation(verb, count=len(answers)) as done:
        begin_purposes()
        fresh = _not_there_yet(answers)
        subjects = _subjects({one.relation.id: one.relation for one in fresh}.values())
        rows = [_row(actor, one, subjects[one.relation.id], done.id) for one in fresh]
        Decision.objects.bulk_create(rows, batch_size=1000)
        InForce.objects.bulk_create([_in_force(row) for row in rows], batch_size=1000)
        _log(fresh)
    return rows


def _log(answers: Sequence[Answer]) -> None:
    """Who said what to what, one line for each purpose and answer."""
    said: dict[tuple[UUID, str], list[UUID]] = {}
    for one in answers:
        said.setdefault((one.purpose.id, one.state), []).append(one.relation.id)
    for (purpose, state), relations in said.items():
        audit("record_consent", kind="relation", about=dict.fromkeys(relations), purpose=purpose, state=str(state))


def _check(answer: Answer) -> None:
    if not answer.relation.is_person:
        raise Refused(_("Only a person can say yes or no. Note it with somebody who works there."), "relation")
    if answer.state not in DECISIONS:
        raise Refused(_("Choose yes, no or withdrawn."), "state")
    if answer.how not in How.values:
        raise Refused(_("Say how we know."), "how")
    if answer.decided_at > now() + timedelta(minutes=5):
        raise Refused(_("That day is still to come. Note it when it has been said."), "decided_at")
    if answer.point_value and answer.point_kind not in ContactKind.values:
        raise Refused(_("Choose one of their addresses, or all of them."), "point")
    if answer.purpose.is_retired:
        raise Refused(_("“%(name)s” is no longer in use.") % {"name": answer.purpose.name}, "purpose")


def _places(decisions: Iterable[Decision]) -> set[tuple[object, ...]]:
    """By which the answers are known that were noted: each with its day, and what stands also without one."""
    places: set[tuple[object, ...]] = set()
    standing: dict[tuple[object, ...], State] = {}
    for one in sorted(decisions, key=lambda one: (one.decided_at, one.id)):
        about = (one.purpose_id, one.point_kind, one.point_value)
        places.add((*about, one.state, timezone.localdate(one.decided_at)))
        standing[about] = one.state_now
    return places | {(*about, state, None) for about, state in standing.items()}


def _new[T: Said](said: Sequence[T], seen: set[tuple[object, ...]]) -> list[T]:
    """Those that were not noted yet. Of several without a day the last counts: the others are over by then."""
    last = {one.about: place for place, one in enumerate(said) if not one.is_dated}
    fresh: dict[tuple[object, ...], T] = {}
    for place, one in enumerate(said):
        if one.place not in seen and (one.is_dated or last[one.about] == place):
            fresh.setdefault(one.place, one)
    return list(fresh.values())


def _not_there_yet(answers: Sequence[Answer]) -> list[Answer]:
    """Those that say something new: the same answer of the same day was noted already, or stands."""
    by_person: dict[UUID, list[Answer]] = {}
    for one in answers:
        by_person.setdefault(one.relation.id, []).append(one)
    known = noted(by_person)
    return [one for person, said in by_person.items() for one in _new(said, _places(known.get(person, ())))]


def _subjects(relations: Iterable[Relation]) -> dict[UUID, Subject]:
    wanted = {one.id: one for one in relations}
    rows = Subject.objects.filter(relation_id__in=list(wanted)).order_by("-created_at", "-id")
    found: dict[UUID, Subject] = {one.relation_id: one for one in rows if one.relation_id}
    missing = [Subject(relation_id=one.id, circle_id=one.circle_id) for id, one in wanted.items() if id not in found]
    Subject.objects.bulk_create(missing, batch_size=1000)
    return found | {one.relation_id: one for one in missing if one.relation_id}


def _row(actor: Entrance, answer: Said, subject: Subject, operation_id: UUID) -> Decision:
    holds = answer.purpose.term if answer.state == State.GIVEN else None
    wording = answer.purpose.wording
    return Decision(
        id=new_id(),
        circle_id=subject.circle_id,
        subject=subject,
        purpose_id=answer.purpose.id,
        text_id=wording.id if wording.number else None,
        point_kind=answer.point_kind if answer.point_value else "",
        point_value=answer.point_value,
        state=answer.state,
        decided_at=answer.decided_at,
        holds_until=answer.decided_at + holds * MONTH if holds else None,
        how=answer.how,
        note=answer.note.strip()[:LONGEST_NOTE],
        moment_id=answer.moment_id,
        seat_id=actor.seat_id,
        operation_id=operation_id,
    )


def _in_force(row: Decision) -> InForce:
    return InForce(
        circle_id=row.circle_id,
        decision_id=row.id,
        subject_id=row.subject_id,
        purpose_id=row.purpose_id,
        text_id=row.text_id,
    )


def record_waiting(*, actor: Entrance, said: Sequence[Said]) -> int:
    """Note what was said about addresses of nobody we know; it counts for whoever they turn out to be.

    The person behind each is a subject without a relation. Returns how many are new.
    """
    permit(actor, "import")
    with operation("import_consents", count=len(said)) as done:
        begin_purposes()
        fresh = _not_waiting_yet(said)
        subjects = {one.point_value: Subject(circle_id=default_circle_id()) for one in fresh}
        Subject.objects.bulk_create(subjects.values(), batch_size=1000)
        rows = [_row(actor, one, subjects[one.point_value], done.id) for one in fresh]
        Decision.objects.bulk_create(rows, batch_size=1000)
        InForce.objects.bulk_create([_in_force(row) for row in rows], batch_size=1000)
    return len(rows)


def _not_waiting_yet(said: Sequence[Said]) -> list[Said]:
    values = {one.point_value for one in said}
    rows = counting().filter(point_value__in=values, subject__in=Subject.objects.filter(relation_id__isnull=True))
    return _new(said, _places(rows))


def subject_for(*, actor: Entrance, relation: Relation) -> Subject:
    """The data subject of a person, begun when there is none yet."""
    permit(actor, "write")
    with operation("begin_subject"):
        return _subjects([relation])[relation.id]


def redact_subject(*, actor: Entrance, subject: Subject) -> int:
    """Leave of what somebody decided no address and no remark: an address becomes its keyed hash. How many had any.

    For erasing a person; that they decided, what and when, stays as proof.
    """
    permit(actor, "manage")
    rows = list(Decision.objects.filter(subject=subject).exclude(point_value="", note=""))
    with operation("redact_subject", count=len(rows)):
        for one in rows:
            value = one.point_value and f"#{digest_of(one.point_kind, one.point_value)}"
            Decision.objects.filter(id=one.id).update(point_value=value, note="")
    return len(rows)
