# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contact moments and to-dos as the REST door shows them."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from pydantic import BaseModel

from plein.metadata.queries import known_with_values
from plein.moments.models import Attachment, Moment, MomentValues, ToDo
from plein.moments.queries import FileLine, MomentLine, PartLine, SourceLine, find_todo, moment_detail
from plein.relations.models import Relation

Kind = Literal["visit", "call", "voicemail", "meeting", "letter", "email", "text", "chat", "post", "note"]


class ParticipantOut(BaseModel):
    """Somebody's part: whom we believe it was (`relation`, when known), and the address as it was heard."""

    id: UUID
    role: str
    relation: UUID | None
    name: str
    heard: str
    is_ours: bool


class AttachmentOut(BaseModel):
    """A file that came along."""

    id: UUID
    name: str
    mime: str
    size: int


class FileList(BaseModel):
    """Files that were attached."""

    items: list[AttachmentOut]


class SourceOut(BaseModel):
    """One copy of a message as it was found."""

    mailbox: str
    folder: str
    message_id: str
    mailing_list: str


class MomentItem(BaseModel):
    """A contact moment in a list; `text` is the beginning of what was said, without quotes and signature. `relevance`
    is `business`, `small_talk`, `unsure` or `filed`, and empty where nobody looked yet.
    """

    id: UUID
    kind: Kind
    direction: str
    reach: str
    state: str
    nature: str
    occurred_at: datetime
    ends_at: datetime | None
    is_all_day: bool
    thread: UUID
    title: str
    place: str
    text: str
    purpose: str
    outcome: str
    follow_up: str
    means_needed: str
    participants: list[ParticipantOut]
    attachments: list[AttachmentOut]
    relevance: str
    version: int


class MomentOut(MomentItem):
    """A contact moment with its whole text in the parts that are read, quoted and signed, and every copy of it."""

    quoted: str
    signature: str
    sources: list[SourceOut]
    custom: dict[str, Any]
    custom_versions: dict[UUID, int]


class MomentList(BaseModel):
    """A page of a timeline, and where the next one starts."""

    items: list[MomentItem]
    next: str | None


def item_of(line: MomentLine) -> MomentItem:
    """A moment as the door shows it in a list."""
    return MomentItem(
        id=line.id,
        kind=line.kind,  # the database holds no other
        direction=line.direction,
        reach=line.reach,
        state=line.state,
        nature=line.nature,
        occurred_at=line.occurred_at,
        ends_at=line.ends_at,
        is_all_day=line.is_all_day,
        thread=line.thread_id,
        title=line.title,
        place=line.location,
        text=line.text,
        purpose=line.purpose,
        outcome=line.outcome,
        follow_up=line.follow_up,
        means_needed=line.means_needed,
        participants=[participant_of(part) for part in line.parts],
        attachments=[attachment_of(file) for file in line.files],
        relevance=line.relevance,
        version=line.version,
    )


def participant_of(part: PartLine) -> ParticipantOut:
    """Somebody's part as the door shows it."""
    return ParticipantOut(
        id=part.id, role=part.role, relation=part.relation_id, name=part.name, heard=part.heard, is_ours=part.is_ours
    )


def attachment_of(file: FileLine | Attachment) -> AttachmentOut:
    """A file as the door shows it; its bytes are at `/files/` and its id."""
    return AttachmentOut(id=file.id, name=file.name, mime=file.mime, size=file.size)


def source_of(copy: SourceLine) -> SourceOut:
    """A copy of a message as the door shows it."""
    return SourceOut(mailbox=copy.mailbox, folder=copy.folder, message_id=copy.external_id, mailing_list=copy.list_name)


class Who(BaseModel):
    """A relation, or a colleague, by name."""

    id: UUID
    name: str


class ToDoOut(BaseModel):
    """Something to do, by somebody, before some time, with the means it takes."""

    id: UUID
    title: str
    note: str
    due_on: date | None
    due_at: str | None
    means_needed: str
    assignee: Who | None
    relation: Who | None
    moment: UUID | None
    done_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class ToDoList(BaseModel):
    """A page of to-dos, and where the next one starts."""

    items: list[ToDoOut]
    next: str | None


def todo_of(todo: ToDo) -> ToDoOut:
    """A to-do as the door shows it."""
    return ToDoOut(
        id=todo.id,
        title=todo.title,
        note=todo.note,
        due_on=todo.due_on,
        due_at=todo.due_at.isoformat("minutes") if todo.due_at else None,
        means_needed=todo.means_needed,
        assignee=Who(id=todo.assignee.id, name=str(todo.assignee)) if todo.assignee else None,
        relation=Who(id=todo.relation.id, name=todo.relation.name) if todo.relation else None,
        moment=todo.moment_id,
        done_at=todo.done_at,
        version=todo.version,
        created_at=todo.created_at,
        updated_at=todo.updated_at,
    )


def found_relation(relation_id: UUID) -> Relation:
    """A relation the reader may see; for everything else there is nothing at that address."""
    relation: Relation | None = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    return relation


def found_moment(moment_id: UUID) -> Moment:
    """A moment the reader may see; for everything else there is nothing at that address."""
    moment: Moment | None = Moment.objects.filter(id=moment_id).first()
    if moment is None:
        raise Http404
    return moment


def found_todo(todo_id: UUID) -> ToDo:
    """A to-do the reader may see; for everything else there is nothing at that address."""
    todo = find_todo(todo_id)
    if todo is None:
        raise Http404
    return todo


def read_again(moment_id: UUID) -> MomentOut:
    """A moment with its whole text."""
    detail = moment_detail(moment_id)
    if detail is None:
        raise Http404
    facts = item_of(detail.line).model_dump() | {"text": detail.said}
    sources = [source_of(one) for one in detail.line.sources]
    known, cells = known_with_values(MomentValues, moment_id)
    own = {one.key: cells.value(one) for one in known.of("moment")}
    return MomentOut(
        **facts,
        quoted=detail.quoted,
        signature=detail.signature,
        sources=sources,
        custom=own,
        custom_versions=cells.versions,
    )
