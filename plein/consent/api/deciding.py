# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what people decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.consent import actions
from plein.consent.actions import Answer
from plein.consent.api.door import router
from plein.consent.models import Decision, Purpose, Subject
from plein.consent.queries import book_of_subjects, closed_to_requests, decided, effective, latest, purposes, state_of
from plein.consent.slots import is_evidence
from plein.core.audit import Shown, audit_look
from plein.core.ids import now
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, Time, act
from plein.relations.contact import ContactError, normalise
from plein.relations.models import Relation
from plein.trust.seats import seat_of

PAGE, MOST = 50, 1000
Said = Literal["given", "refused", "withdrawn"]
Told = Literal["mail", "form", "call", "talk", "paper", "import", "my_page"]


class ConsentOut(BaseModel):
    """What somebody decided about a purpose; `address` is empty when it is about all their contact points."""

    id: UUID
    subject: UUID
    relation: UUID | None
    purpose: UUID
    words: UUID | None
    kind: str
    address: str
    state: str
    decided_at: datetime
    holds_until: datetime | None
    how: str
    note: str
    moment: UUID | None
    by: UUID | None
    recorded_at: datetime


class ConsentList(BaseModel):
    """A page of what counts now, the latest noted first."""

    items: list[ConsentOut]
    next: str | None


class PurposeState(BaseModel):
    """How it stands with somebody for one purpose: `never` when they were never asked, and what was decided."""

    purpose: UUID
    key: str
    state: str
    decisions: list[ConsentOut]


class PersonConsents(BaseModel):
    """How it stands with somebody for every purpose."""

    items: list[PurposeState]


class PastConsent(ConsentOut):
    """A decision, and whether it counts or was taken back."""

    is_in_force: bool
    taken_back_at: datetime | None


class SubjectOut(BaseModel):
    """The natural person whom data are about, and all they ever decided; it outlives the relation."""

    id: UUID
    relation: UUID | None
    created_at: datetime
    decisions: list[PastConsent]


class Requests(BaseModel):
    """Whether somebody may be asked to introduce us to others, and if not, why."""

    may_be_asked: bool
    reason: str


class NewConsent(Payload):
    """What somebody decided. Without an address it is about all of them, without a time it is now."""

    purpose: UUID
    state: Said
    how: Told
    address: Annotated[str, Field(max_length=500)] = ""
    decided_at: Time | None = None
    note: Annotated[str, Field(max_length=1000)] = ""
    moment: UUID | None = None


class ConsentOf(NewConsent):
    """What one of many decided."""

    relation: UUID


class ManyConsents(Payload):
    """What many people decided; all of it, or nothing, is noted."""

    items: Annotated[list[ConsentOf], Field(min_length=1, max_length=MOST)]


class ManyRecorded(BaseModel):
    """How many were new; the same answer of the same day is noted once."""

    recorded: int


def _out(one: Decision, relation: UUID | None) -> ConsentOut:
    return ConsentOut(
        id=one.id,
        subject=one.subject_id,
        relation=relation,
        purpose=one.purpose_id,
        words=one.text_id,
        kind=one.point_kind,
        address=one.point_value,
        state=one.state_now,
        decided_at=one.decided_at,
        holds_until=one.holds_until,
        how=one.how,
        note=one.note,
        moment=one.moment_id,
        by=one.seat_id,
        recorded_at=one.recorded_at,
    )


def _person(relation_id: UUID) -> Relation:
    found: Relation | None = Relation.objects.filter(id=relation_id).first()
    if found is None:
        raise Http404
    audit_look("relation", [found])
    return found


def _answer(payload: NewConsent, relation: Relation, known: dict[UUID, Purpose]) -> Answer:
    if payload.purpose not in known:
        raise Invalid({"purpose": _("There is no such purpose in use.")})
    if payload.moment and not is_evidence(payload.moment):
        raise Invalid({"moment": _("There is no contact moment here with this id.")})
    kind = value = ""
    if payload.address:
        try:
            contact = normalise(payload.address)
        except ContactError as trouble:
            raise Invalid({"address": str(trouble)}) from trouble
        kind, value = contact.kind, contact.value
    return Answer(
        relation=relation,
        purpose=known[payload.purpose],
        state=payload.state,
        how=payload.how,
        point_kind=kind,
        point_value=value,
        decided_at=payload.decided_at or now(),
        note=payload.note,
        moment_id=payload.moment,
    )


def _in_use() -> dict[UUID, Purpose]:
    return {one.id: one for one in purposes()}


@router.get("/consents", response=ConsentList, summary="List what people decided")
def list_consents(
    request: HttpRequest,
    purpose: UUID | None = None,
    state: Literal["given", "refused", "withdrawn", "expired"] | None = None,
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> ConsentList:
    """What counts now: of each person, purpose and contact point the last decision."""
    del request
    found = Decision.objects.filter(id__in=latest().values("id"))
    if purpose is not None:
        found = found.filter(purpose_id=purpose)
    today = now()
    if state == "expired":
        found = found.filter(state="given", holds_until__lte=today)
    elif state is not None:
        found = found.filter(state=state).exclude(state="given", holds_until__lte=today)
    if cursor:
        found = found.filter(id__lt=_place(cursor))
    rows = list(found.select_related("subject").order_by("-id")[: limit + 1])
    items = [_out(one, one.subject.relation_id) for one in rows[:limit]]
    return ConsentList(items=items, next=str(items[-1].id) if len(rows) > limit else None)


def _place(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble


@router.post("/consents", response=ManyRecorded, summary="Note what many people decided")
def record_consents(request: HttpRequest, payload: ManyConsents) -> ManyRecorded:
    """As one operation, which can be turned back as one."""
    known = _in_use()
    wanted = {one.relation for one in payload.items}
    people = {one.id: one for one in Relation.objects.filter(id__in=wanted)}
    if missing := wanted - people.keys():
        raise Invalid({"relation": _("There is nobody here with this id: %(id)s.") % {"id": min(map(str, missing))}})
    answers = [_answer(one, people[one.relation], known) for one in payload.items]
    with act(request, "record_consents"):
        made = actions.record_consents(actor=seat_of(request), answers=answers)
    return ManyRecorded(recorded=len(made))


@router.get("/relations/{relation_id}/consents", response=PersonConsents, summary="Read how it stands with somebody")
def read_consents(request: HttpRequest, relation_id: UUID) -> PersonConsents:
    """For every purpose in use."""
    del request
    relation = _person(relation_id)
    lines = decided([relation.id]).get(relation.id, [])
    return PersonConsents(items=[_state(one, lines, relation.id) for one in purposes()])


def _state(purpose: Purpose, lines: Sequence[Decision], relation: UUID) -> PurposeState:
    mine = [_out(one, relation) for one in lines if one.purpose_id == purpose.id]
    state = state_of(effective(lines, purpose.id))
    return PurposeState(purpose=purpose.id, key=purpose.key, state=state, decisions=mine)


@router.post("/relations/{relation_id}/consents", response={201: ConsentOut}, summary="Note what somebody decided")
def record_consent(request: HttpRequest, relation_id: UUID, payload: NewConsent) -> Status[ConsentOut]:
    """It is added to what they decided before, and never changed."""
    relation = _person(relation_id)
    answer = _answer(payload, relation, _in_use())
    with act(request, "record_consent"):
        made = actions.record_consent(actor=seat_of(request), answer=answer)
    return Status(201, _out(made, relation.id))


@router.put("/relations/{relation_id}/subject", response=SubjectOut, summary="Find the data subject of a person")
def put_subject(request: HttpRequest, relation_id: UUID) -> SubjectOut:
    """Begun when there is none yet."""
    relation = _person(relation_id)
    with act(request, "begin_subject"):
        subject = actions.subject_for(actor=seat_of(request), relation=relation)
    return _subject(subject)


@router.get("/subjects/{subject_id}", response=SubjectOut, summary="Read a data subject")
def read_subject(request: HttpRequest, subject_id: UUID) -> SubjectOut:
    """With everything they ever decided, what was taken back too."""
    del request
    found: Subject | None = Subject.objects.filter(id=subject_id).first()
    if found is None:
        raise Http404
    if found.relation_id is not None:
        audit_look("relation", [Shown(found.relation_id, found.circle_id)])
    return _subject(found)


def _subject(subject: Subject) -> SubjectOut:
    lines = book_of_subjects([subject]).lines
    decisions = [
        PastConsent(
            **_out(one.decision, subject.relation_id).model_dump(),
            is_in_force=one.is_in_force,
            taken_back_at=one.taken_back_at,
        )
        for one in lines
    ]
    return SubjectOut(id=subject.id, relation=subject.relation_id, created_at=subject.created_at, decisions=decisions)


@router.get("/relations/{relation_id}/requests", response=Requests, summary="Ask whether somebody may be asked")
def read_requests(request: HttpRequest, relation_id: UUID) -> Requests:
    """To introduce us to somebody they know."""
    del request
    relation = _person(relation_id)
    words = closed_to_requests([relation]).get(relation.id, "")
    return Requests(may_be_asked=not words, reason=words)
