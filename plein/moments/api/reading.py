# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments: the timeline of a relation, a thread, and one moment."""

from typing import Literal
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _

from plein.core import blobs
from plein.core.audit import audit_look
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.moments.api.door import router
from plein.moments.api.shapes import Kind, MomentItem, MomentList, MomentOut, found_relation, item_of, read_again
from plein.moments.models import Attachment
from plein.moments.queries import BadCursor, Cursor, coming_up, thread, timeline

PAGE = 30
When = Literal["past", "coming"]
UNKNOWN = "application/octet-stream"


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
    found_relation(relation_id)
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


@router.get("/moments/{moment_id}", response=MomentOut, summary="Read a contact moment")
def read_moment(request: HttpRequest, moment_id: UUID) -> MomentOut:
    """One moment with its whole text."""
    del request
    return read_again(moment_id)


@router.get("/threads/{thread_id}", response=MomentList, summary="Read all that belongs together")
def read_thread(request: HttpRequest, thread_id: UUID) -> MomentList:
    """The moments of one conversation, oldest first."""
    del request
    lines = thread(thread_id)
    if not lines:
        raise Http404
    items: list[MomentItem] = [item_of(line) for line in lines]
    return MomentList(items=items, next=None)


@router.get("/files/{file_id}", response={200: None}, summary="Fetch a file")
def read_file(request: HttpRequest, file_id: UUID) -> FileResponse:
    """The bytes of an attachment, to keep: nothing shows them by itself."""
    del request
    file = Attachment.objects.filter(id=file_id).first()
    if file is None or not blobs.exists(file.sha256):
        raise Http404
    audit_look("attachment", [file], how="file")
    return FileResponse(
        blobs.path_of(file.sha256).open("rb"), as_attachment=True, filename=file.name, content_type=UNKNOWN
    )
