# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the search field."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel

from plein.core.audit import audit_look
from plein.core.finding import search
from plein.core.paging import CursorText, Limit, NotUnderstood, Words
from plein.core.payloads import at_most
from plein.moments.models import Moment, MomentSubject, ToDo
from plein.relations.models import Relation

router = Router(tags=["finding"])
PAGE = 20
SEARCHES_A_MINUTE = 60
#: Who wants to go further than this has to type more.
DEEPEST = 600


class FoundItem(BaseModel):
    """One thing that was found, with what tells it from others."""

    kind: Literal["person", "organization", "moment", "todo"]
    id: UUID
    title: str
    note: str
    at: datetime | date | None


class FoundList(BaseModel):
    """What was found: people and organizations before texts, and where the next page starts."""

    items: list[FoundItem]
    next: str | None


@router.get("/search", response=FoundList, summary="Search in everything")
@at_most(SEARCHES_A_MINUTE)
def search_everything(request: HttpRequest, q: Words = "", limit: Limit = PAGE, cursor: CursorText = "") -> FoundList:
    """Forgiving for typos, good with fragments of phone numbers; an empty query finds nothing."""
    del request
    start = _start(cursor)
    hits = search(q, limit=start + limit + 1)
    ids = [*((_relations, one) for one in hits.relations), *((_moments, one) for one in hits.moments),
           *((_todos, one) for one in hits.todos)]  # fmt: skip
    page = ids[start : start + limit]
    items: dict[UUID, FoundItem] = {}
    for read in (_relations, _moments, _todos):
        wanted = [one for reader, one in page if reader is read]
        items |= read(wanted) if wanted else {}
    following = start + limit
    goes_on = len(ids) > following and following <= DEEPEST
    return FoundList(
        items=[items[one] for _reader, one in page if one in items], next=str(following) if goes_on else None
    )


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 5 and int(cursor) <= DEEPEST:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _relations(ids: Sequence[UUID]) -> Mapping[UUID, FoundItem]:
    found = Relation.objects.filter(id__in=ids).only("id", "kind", "name", "headline", "place", "circle_id")
    audit_look("relation", found, how="search")
    return {
        one.id: FoundItem(
            kind="person" if one.is_person else "organization",
            id=one.id,
            title=one.name,
            note=", ".join(filter(None, (one.headline, one.place))),
            at=None,
        )
        for one in found
    }


def _moments(ids: Sequence[UUID]) -> Mapping[UUID, FoundItem]:
    titles = MomentSubject.objects.filter(moment=OuterRef("id")).order_by("id").values("title")[:1]
    moments: Any = Moment.objects.filter(id__in=ids).annotate(title=Subquery(titles))
    found = moments.only("id", "kind", "occurred_at", "circle_id")
    audit_look("moment", found, how="search")
    return {
        one.id: FoundItem(kind="moment", id=one.id, title=one.title or "", note=one.kind, at=one.occurred_at)
        for one in found
    }


def _todos(ids: Sequence[UUID]) -> Mapping[UUID, FoundItem]:
    found = ToDo.objects.filter(id__in=ids).only("id", "title", "due_on", "done_at", "circle_id")
    audit_look("todo", found, how="search")
    return {
        one.id: FoundItem(
            kind="todo", id=one.id, title=one.title, note="done" if one.done_at else "open", at=one.due_on
        )
        for one in found
    }
