# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who seems to work elsewhere, as an import of mail found."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from plein.channels.models import MailImport
from plein.core.operations import EditConflict
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Payload, act, needs
from plein.moments.actions.job_news import answer_job_news
from plein.moments.queries.job_news import open_news
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

router = Router(tags=["imports"])
PAGE = 50


class JobNewsOut(BaseModel):
    """Somebody whom we know at `works_at` and who writes from `address`, which is of `organization`.

    `other` is the person whom the import made of that address, where it is not known that the two are one; `moment` is
    the first mail from there.
    """

    id: UUID
    person: UUID
    name: str
    works_at: UUID
    role: str
    organization: UUID
    address: str
    moment: UUID
    heard_on: date
    other: UUID | None


class JobNewsList(BaseModel):
    """A page of questions, and where the next one starts."""

    items: list[JobNewsOut]
    next: str | None


class JobNewsAnswers(Payload):
    """What became of the work of these: they work there `instead`, or `also`, or it is no news: `no`."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    answer: Literal["instead", "also", "no"]


class Answered(BaseModel):
    """About how many was answered."""

    count: int


@router.get("/imports/{import_id}/job-news", response=JobNewsList, summary="List who seems to work elsewhere")
@needs("import")
def list_job_news(request: HttpRequest, import_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> JobNewsList:
    """The oldest news first. Nothing was noted of it."""
    del request
    start = _start(cursor)
    found = list(open_news(_found(import_id))[start : start + limit + 1])
    items = [
        JobNewsOut(
            id=one.id,
            person=one.person_id,
            name=one.person.name,
            works_at=one.work.organization_id,
            role=one.work.role,
            organization=one.organization_id,
            address=str(one.contact_point),
            moment=one.moment_id,
            heard_on=one.heard_on,
            other=one.other_id if one.other_id != one.person_id else None,
        )
        for one in found[:limit]
    ]
    return JobNewsList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.post("/imports/{import_id}/job-news/answers", response=Answered, summary="Say who works elsewhere")
@needs("import")
def answer_news(request: HttpRequest, import_id: UUID, payload: JobNewsAnswers) -> Answered:
    """Instead: the old work ends the day before the first mail. Whom the import made of the address becomes one with
    who was known. One operation.
    """
    planned = _found(import_id)
    verb = "ignore_job_news" if payload.answer == "no" else "accept_job_news"
    try:
        with act(request, verb):
            count = answer_job_news(actor=seat_of(request), mail_import=planned, ids=payload.ids, answer=payload.answer)
    except (Refused, EditConflict, Relation.DoesNotExist) as trouble:
        raise Impossible(_("One of them was changed meanwhile. Look again, and choose anew.")) from trouble
    return Answered(count=count)


def _found(import_id: UUID) -> MailImport:
    planned: MailImport | None = MailImport.objects.filter(id=import_id).first()
    if planned is None:
        raise Http404
    return planned


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 7:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
