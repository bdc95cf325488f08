# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.actions.files import IncomingFile, keep_files
from plein.moments.actions.mentions import note_mentions
from plein.moments.actions.participants import Part, add_participants
from plein.moments.events import MomentRecorded
from plein.moments.models import Moment, MomentSubject, MomentText, ToDo
from plein.moments.queries.agenda import person_of
from plein.moments.refusals import OutOfSight
from plein.moments.vocabulary import Direction, MomentKind, ParticipantRole, Reach, State
from plein.trust.circles import circle_for_new
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_TEXT = 500_000
_TOGETHER = (MomentKind.VISIT, MomentKind.MEETING)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done after a moment, as a to-do: by when, and by whom (the actor unless told otherwise)."""

    due_on: date | None = None
    due_at: time | None = None
    assignee_id: UUID | None = None


def roles_of(kind: str, direction: str) -> tuple[str, str]:
    """The parts that their side and our side have in a moment of this kind."""
    if kind in _TOGETHER:
        return ParticipantRole.WITH, ParticipantRole.WITH
    if kind == MomentKind.NOTE:
        return ParticipantRole.ABOUT, ParticipantRole.FROM
    if direction == Direction.INBOUND:
        return ParticipantRole.FROM, ParticipantRole.TO
    return ParticipantRole.TO, ParticipantRole.FROM


def parts_with(relation_id: UUID, kind: MomentKind, direction: str, others: Sequence[UUID]) -> list[Part]:
    """The relation itself in the part their side has, and who else was there."""
    theirs, _ours = roles_of(kind, direction)
    also = {MomentKind.EMAIL: ParticipantRole.CC, MomentKind.LETTER: ParticipantRole.CC}.get(kind, ParticipantRole.WITH)
    also = ParticipantRole.ABOUT if kind == MomentKind.NOTE else also
    return [Part(relation_id, theirs), *(Part(one, also) for one in dict.fromkeys(others) if one != relation_id)]


def record_moment(
    *,
    actor: Entrance,
    kind: str,
    participants: Sequence[Part],
    direction: str = Direction.OUTBOUND,
    reach: str = Reach.ONE,
    occurred_at: datetime | None = None,
    ends_at: datetime | None = None,
    subject: str = "",
    location: str = "",
    text: str = "",
    purpose: str = "",
    outcome: str = "",
    follow_up: str = "",
    means_needed: str = "",
    to_do: FollowUp | None = None,
    circle: str = "",
    files: Iterable[IncomingFile] = (),
    state: str = State.DONE,
    is_all_day: bool = False,
    mentions: Iterable[UUID] = (),
    moment_id: UUID | None = None,
) -> Moment:
    """Record a contact moment, with an id of the sender's once; our side is the actor unless participants say so."""
    permit(actor, "write")
    if moment_id is not None and (known := Moment.objects.filter(id=moment_id).first()) is not None:
        return known
    with operation("plan_appointment" if state == State.PLANNED else "record_moment", kind=kind):
        moment = _created(
            id=moment_id or new_id(),
            circle_id=circle_for_new(circle),
            kind=kind,
            direction=Direction.INTERNAL if kind == MomentKind.NOTE else direction,
            reach=reach,
            state=state,
            occurred_at=occurred_at or now(),
            ends_at=ends_at,
            is_all_day=is_all_day,
            thread_id=new_id(),
            recorded_by_id=actor.seat_id,
        )
        _subject_of(moment, subject, location)
        body = _text_of(moment, text, purpose, outcome, follow_up, means_needed)
        add_participants(moment, _with_our_side(actor, kind, str(direction), participants))
        keep_files(body, files)
        note_mentions(body, chosen=mentions)
        _to_do_of(actor, body, to_do, participants)
        _tell(moment, participants)
    return moment


def _created(**values: Any) -> Moment:
    """A new moment; raises OutOfSight when its id is one that the actor does not see."""
    try:
        with transaction.atomic():
            moment: Moment = Moment.objects.create(**values)
    except IntegrityError as trouble:
        raise OutOfSight from trouble
    return moment


def _tell(moment: Moment, parts: Sequence[Part]) -> None:
    publish(MomentRecorded(moment.id, moment.kind, tuple(part.relation_id for part in parts if part.relation_id)))


def _text_of(moment: Moment, text: str, purpose: str, outcome: str, follow_up: str, means_needed: str) -> MomentText:
    said = {"purpose": purpose[:300], "outcome": outcome[:500], "means_needed": means_needed[:500]}
    return MomentText.objects.create(moment=moment, text=text[:LONGEST_TEXT], follow_up=follow_up[:500], **said)


def _subject_of(moment: Moment, title: str, location: str) -> None:
    if title or location:
        MomentSubject.objects.create(moment=moment, title=title[:1000], location=location[:300])


def _with_our_side(actor: Entrance, kind: str, direction: str, parts: Sequence[Part]) -> list[Part]:
    """The participants with the actor's person among them."""
    person = person_of(actor.seat_id)
    if person is None or any(part.relation_id == person.id for part in parts):
        return list(parts)
    return [*parts, Part(person.id, roles_of(kind, direction)[1])]


def _to_do_of(actor: Entrance, said: MomentText, wanted: FollowUp | None, parts: Sequence[Part]) -> None:
    """Put the follow-up on a list, when there is one and the recorder wants it there."""
    if not said.follow_up or wanted is None:
        return
    ToDo.objects.create(
        title=said.follow_up[:300],
        means_needed=said.means_needed,
        due_on=wanted.due_on,
        due_at=wanted.due_at,
        assignee_id=wanted.assignee_id or actor.seat_id,
        relation_id=next((part.relation_id for part in parts if part.relation_id), None),
        moment_id=said.moment_id,
    )
