# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing how an address book comes in: how it is written, what its columns hold, who is known by what."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from plein.channels.connectors.contacts.tables import NotATable
from plein.imports import actions
from plein.imports.carrying import sentence_of
from plein.imports.choosing import keep_choices, read_again
from plein.imports.entries import Book, first_rows
from plein.imports.forms import ChoicesForm, WritingForm, answers_of
from plein.imports.models import ContactImport
from plein.imports.views.answers import allowed, do, found_import, permit_owner, to
from plein.metadata.queries import catalog
from plein.trust.answers import Request, page
from plein.trust.permissions import may

#: So many cells of a column are shown beside the choice.
SAMPLES = 3


@require_POST
def writing(request: Request, book_id: UUID) -> HttpResponseBase:
    """Read the table anew, written as somebody says."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    book = actions.kept_book(planned)
    form = WritingForm(request.POST, book=book)
    if book.dialect is None or not form.is_valid():
        return to(planned)

    dialect, is_headed = form.dialect(book.dialect), form.cleaned_data["is_headed"]
    return do(request, planned, lambda: read_again(actor, planned, dialect, is_headed=is_headed))


@require_POST
def choices(request: Request, book_id: UUID) -> HttpResponseBase:
    """Keep what was chosen, make the fields that are to be, and look what would become of each entry."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    form = _form(request, planned, actions.kept_book(planned), data=True)
    if not form.is_valid():
        return choosing_page(request, planned, form=form, status=422)

    return do(request, planned, lambda: keep_choices(actor, planned, form.read(), form.fresh(), form.wishes()))


@require_POST
def decide(request: Request, book_id: UUID) -> HttpResponseBase:
    """Keep who somebody said that entries are."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    said = answers_of(request.POST.dict())
    act = partial(actions.decide, actor=actor, contact_import=planned, choices=said)
    return do(request, planned, act, query="?what=doubtful")


def choosing_page(
    request: Request, planned: ContactImport, *, form: ChoicesForm | None = None, status: int = 200
) -> HttpResponse:
    """The choices, with the first cells of each column beside what it holds."""
    book = actions.kept_book(planned)
    context: dict[str, Any] = {"import": planned, "book": book, "is_table": book.dialect is not None}
    rows: list[list[str]] = []
    try:
        rows = first_rows(book, SAMPLES)
    except (NotATable, OSError) as trouble:
        context["trouble"] = sentence_of(trouble)
    form = form or _form(request, planned, book, data=False)
    samples = [[row[place][:60] for row in rows if place < len(row) and row[place]] for place in range(len(book.head))]
    context["form"] = form
    context["columns"] = list(zip(book.head, samples, form.lines(), strict=True))
    context["writing"] = WritingForm(book=book) if book.dialect is not None else None
    return page(request, "imports/choosing.html", context, status=status)


def _form(request: Request, planned: ContactImport, book: Book, *, data: bool) -> ChoicesForm:
    makes = may(request.seat, "manage")
    return ChoicesForm(request.POST if data else None, planned=planned, book=book, known=catalog(), makes=makes)
