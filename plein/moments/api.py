# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments: the timeline of a relation, and one moment."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.moments.queries import (
    BadCursor,
    Cursor,
    FileLine,
    MomentLine,
    PartLine,
    SourceLine,
    coming_up,
    moment_detail,
    timeline,
)
from plein.relations.models import Relation

router = Router(tags=["moments"])
PAGE = 30

Kind = Literal["visit", "call", "voicemail", "meeting", "letter", "email", "text", "chat", "post", "note"]
When = Literal["past", "coming"]


class ParticipantOut(Schema):
    """Somebody's part: whom we believe it was (`relation`, when known), and the address as it was heard."""

    id: UUID
    role: str
    relation: UUID | None
    name: str
    heard: str
    is_ours: bool


class AttachmentOut(Schema):
    """A file that came along."""

    id: UUID
    name: str
    mime: str
    size: int


class SourceOut(Schema):
    """One copy of a message as it was found."""

    mailbox: str
    folder: str
    message_id: str
    mailing_list: str


class MomentItem(Schema):
    """A contact moment in a list; `text` is the beginning of what was said, without quotes and signature."""

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
    version: int


class MomentOut(MomentItem):
    """A contact moment with its whole text in the parts that are read, quoted and signed, and every copy of it."""

    quoted: str
    signature: str
    sources: list[SourceOut]


class MomentList(Schema):
    """A page of a timeline, and where the next one starts."""

    items: list[MomentItem]
    next: str | None


@router.get("/relations/{relation_id}/timeline", response=MomentList, summary="Read the timeline of a relation")
def read_timeline(
    request: HttpRequest,
    relation_id: UUID,
    when: When = "past",
    kind: Kind | None = None,
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> MomentList:
    """What took place, newest first; with `when=coming` the next appointments instead, soonest first."""
    del request
    if not Relation.objects.filter(id=relation_id).exists():
        raise Http404
    kinds = (kind,) if kind else ()
    if when == "coming":
        planned = [line for line in coming_up(relation_id) if not kinds or line.kind in kinds]
        return MomentList(items=[item_of(line) for line in planned[:limit]], next=None)
    try:
        before = Cursor.read(cursor)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    page = timeline(relation_id, kinds=kinds, before=before, limit=limit)
    return MomentList(items=[item_of(line) for line in page.moments], next=str(page.next) if page.next else None)


def item_of(line: MomentLine) -> MomentItem:
    """A moment as the door shows it in a list."""
    return MomentItem(
        id=line.id,
        kind=line.kind,  # type: ignore[arg-type]  # the database holds no other
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
        participants=[_participant(part) for part in line.parts],
        attachments=[_attachment(file) for file in line.files],
        version=line.version,
    )


@router.get("/moments/{moment_id}", response=MomentOut, summary="Read a contact moment")
def read_moment(request: HttpRequest, moment_id: UUID) -> MomentOut:
    """One moment with its whole text."""
    del request
    detail = moment_detail(moment_id)
    if detail is None:
        raise Http404
    facts = item_of(detail.line).dict() | {"text": detail.said}
    sources = [_source(one) for one in detail.line.sources]
    return MomentOut(**facts, quoted=detail.quoted, signature=detail.signature, sources=sources)


def _participant(part: PartLine) -> ParticipantOut:
    return ParticipantOut(
        id=part.id, role=part.role, relation=part.relation_id, name=part.name, heard=part.heard, is_ours=part.is_ours
    )


def _attachment(file: FileLine) -> AttachmentOut:
    return AttachmentOut(id=file.id, name=file.name, mime=file.mime, size=file.size)


def _source(copy: SourceLine) -> SourceOut:
    return SourceOut(mailbox=copy.mailbox, folder=copy.folder, message_id=copy.external_id, mailing_list=copy.list_name)
