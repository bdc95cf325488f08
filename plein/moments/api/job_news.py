# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who seems to work elsewhere."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from plein.channels.models import MailImport
from plein.core.audit import audit_look
from plein.core.operations import EditConflict
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Payload, act, needs
from plein.moments.actions.job_news import answer_job_news
from plein.moments.models import JobNews
from plein.moments.queries.job_news import named_in, open_news
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

router = Router(tags=["imports"])
PAGE = 50


class JobNewsOut(BaseModel):
    """Somebody whom we know at `works_at` as `role`, and who seems to work at `organization` now.

    `source` is `mail` when they write from `address`; `other` is then the person whom the import made of that address,
    where it is not known that the two are one, and `moment` the first mail from there. It is `profile` or `card` when a
    network or an address book says so: `told_by` which, `named` what it calls the organization, and `new_role` as what;
    `organization` is null when none of that name is here.
    """

    id: UUID
    person: UUID
    name: str
    works_at: UUID
    role: str
    source: Literal["mail", "profile", "card"]
    told_by: str
    organization: UUID | None
    named: str
    new_role: str
    address: str
    moment: UUID | None
    heard_on: date
    other: UUID | None


class JobNewsList(BaseModel):
    """A page of questions, and where the next one starts."""

    items: list[JobNewsOut]
    next: str | None


class JobNewsAnswers(Payload):
    """What became of the work of these: they work there `instead`, or `also`, or it is no news, for good: `no`."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    answer: Literal["instead", "also", "no"]


class Answered(BaseModel):
    """About how many was answered."""

    count: int


@router.get("/job-news", response=JobNewsList, summary="List who seems to work elsewhere")
@needs("read")
def list_all_job_news(
    request: HttpRequest, person: UUID | None = None, limit: Limit = PAGE, cursor: CursorText = ""
) -> JobNewsList:
    """All that mail, networks and address books say, or what they say of one person; the oldest news first. Nothing was
    noted of it.
    """
    del request
    return _page(open_news(person=person), limit, cursor)


@router.post("/job-news/answers", response=Answered, summary="Say who works elsewhere")
@needs("write")
def answer_all_news(request: HttpRequest, payload: JobNewsAnswers) -> Answered:
    """Instead: the old work ends the day before it was heard. One operation. What is not asked, or no longer, is left
    out of the count.
    """
    return _answered(request, payload, None)


@router.get(
    "/imports/{import_id}/job-news", response=JobNewsList, summary="List who seems to work elsewhere by an import"
)
@needs("import")
def list_job_news(request: HttpRequest, import_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> JobNewsList:
    """The oldest news first. Nothing was noted of it."""
    del request
    return _page(open_news(_found(import_id).id), limit, cursor)


@router.post("/imports/{import_id}/job-news/answers", response=Answered, summary="Say who works elsewhere by an import")
@needs("import")
def answer_news(request: HttpRequest, import_id: UUID, payload: JobNewsAnswers) -> Answered:
    """Instead: the old work ends the day before the first mail. Whom the import made of the address becomes one with
    who was known. One operation.
    """
    return _answered(request, payload, _found(import_id).id)


def _page(news: QuerySet[JobNews], limit: int, cursor: str) -> JobNewsList:
    start = _start(cursor)
    found = list(news[start : start + limit + 1])
    audit_look("relation", named_in(found[:limit]), how="list")
    return JobNewsList(
        items=[_out(one) for one in found[:limit]], next=str(start + limit) if len(found) > limit else None
    )


def _out(one: JobNews) -> JobNewsOut:
    return JobNewsOut(
        id=one.id,
        person=one.person_id,
        name=one.person.name,
        works_at=one.work.organization_id,
        role=one.work.role,
        source=one.source,
        told_by=one.told_by,
        organization=one.organization_id,
        named=one.place,
        new_role=one.role,
        address=str(one.contact_point) if one.contact_point is not None else "",
        moment=one.moment_id,
        heard_on=one.heard_on,
        other=one.other_id if one.other_id != one.person_id else None,
    )


def _answered(request: HttpRequest, payload: JobNewsAnswers, brought_by: UUID | None) -> Answered:
    verb = "ignore_job_news" if payload.answer == "no" else "accept_job_news"
    try:
        with act(request, verb):
            count = answer_job_news(
                actor=seat_of(request), ids=payload.ids, answer=payload.answer, brought_by=brought_by
            )
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
