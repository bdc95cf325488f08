# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to address books: send one, say how it comes in, see what would become of it, decide, follow."""

from io import StringIO
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.uploads import RefusedUpload, drop_upload
from plein.core.audit import audit_look
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, checked, needs
from plein.imports import actions
from plein.imports.api.shapes import (
    BookChoices,
    BookEnding,
    BookList,
    BookOut,
    Decisions,
    EntriesDecided,
    EntryChangeOut,
    EntryList,
    EntryOut,
    EntryWhoOut,
    book_out,
    books_out,
)
from plein.imports.choosing import keep_choices, keep_file, plan_upload, read_again
from plein.imports.forms import ChoicesForm, WritingForm
from plein.imports.leftovers import write_left_out
from plein.imports.models import ContactImport
from plein.imports.queries import foreseen_of, still_seen
from plein.metadata.queries import catalog
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance, seat_of

router = Router(tags=["imports"])
PAGE = 50
type Outcome = Literal["", "new", "changed", "same", "doubtful", "skipped", "refused"]


@router.get("/imports/contacts", response=BookList, summary="List the address books that were brought in")
@needs("import")
def list_books(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> BookList:
    """The newest first."""
    start = _start(cursor)
    found = list(ContactImport.objects.order_by("-created_at", "-id")[start : start + limit + 1])
    following = str(start + limit) if len(found) > limit else None
    return BookList(items=books_out(found[:limit], seat_of(request).seat_id), next=following)


@router.post("/imports/contacts", response={201: BookOut}, summary="Send an address book")
@needs("import")
def create_book(request: HttpRequest, file: File[UploadedFile]) -> Status[BookOut]:
    """Cards (vCard), CSV, TSV, XLSX, ODS or JSON. Its columns are found; nothing comes in until it is started."""
    actor = seat_of(request)
    try:
        upload = keep_file(actor, file.name or "contacts", file.size or 0, file.chunks())
    except RefusedUpload as refusal:
        raise Invalid({"file": str(refusal)}) from refusal
    try:
        planned = plan_upload(actor, upload)
    except NotATable as trouble:
        drop_upload(actor=actor, upload_id=upload.id)
        raise Invalid({"file": str(trouble)}) from trouble
    return Status(201, book_out(planned, actor.seat_id))


@router.get("/imports/contacts/{book_id}", response=BookOut, summary="Read how far an address book is")
@needs("import")
def read_book(request: HttpRequest, book_id: UUID) -> BookOut:
    """Ask again while its state is `scanning` or `running`."""
    return book_out(_found(book_id), seat_of(request).seat_id)


@router.post("/imports/contacts/{book_id}/choices", response={202: BookOut}, summary="Say how an address book comes in")
@needs("import")
def choose_book(request: HttpRequest, book_id: UUID, payload: BookChoices) -> Status[BookOut]:
    """A worker then looks what would become of each entry; nothing comes in yet."""
    actor, planned = seat_of(request), _owned(request, book_id)
    if payload.model_fields_set & {"encoding", "delimiter", "is_headed"}:
        planned = _read_again(actor, planned, payload)
    form = _choices(actor, planned, payload)
    kept = keep_choices(actor, planned, form.read(), form.fresh(), form.wishes())
    return Status(202, book_out(kept, actor.seat_id))


def _read_again(actor: Entrance, planned: ContactImport, payload: BookChoices) -> ContactImport:
    book = actions.kept_book(planned)
    if book.dialect is None:
        raise Invalid({"encoding": _("An address book of cards says itself how it is written.")})
    form = WritingForm(book=book)
    data = {**form.initial, **payload.model_dump(include={"encoding", "delimiter", "is_headed"}, exclude_none=True)}
    data["encoding"] = str(data["encoding"]).lower()
    form = checked(WritingForm({name: value for name, value in data.items() if value is not False}, book=book))
    headed = payload.is_headed
    try:
        return read_again(actor, planned, form.dialect(book.dialect), is_headed=headed)
    except (NotATable, OSError) as trouble:
        raise Invalid({"encoding": str(trouble)}) from trouble


def _choices(actor: Entrance, planned: ContactImport, payload: BookChoices) -> ChoicesForm:
    book, makes = actions.kept_book(planned), may(actor, "manage")
    if payload.columns is not None and len(payload.columns) != len(book.columns):
        told = _("There are %(count)s columns: say of each what it holds.") % {"count": len(book.columns)}
        raise Invalid({"columns": told})
    texts = payload.columns if payload.columns is not None else [str(one) for one in book.columns]
    values = {
        "match": payload.match or planned.match,
        "mode": payload.mode or planned.mode,
        "jobs": payload.jobs or planned.jobs,
        "circle": payload.circle if payload.circle is not None else planned.circle_key,
        "tags": ", ".join(payload.tags if payload.tags is not None else planned.tags),
    }
    data = values | {f"column-{place}": text for place, text in enumerate(texts)}
    return checked(ChoicesForm(data, planned=planned, book=book, known=catalog(), makes=makes))


@router.get("/imports/contacts/{book_id}/entries", response=EntryList, summary="List what would become of entries")
@needs("import")
def list_book_entries(request: HttpRequest, book_id: UUID, becomes: Outcome = "", cursor: CursorText = "") -> EntryList:
    """The first 500 of each outcome, in the order of the file, until it is in. For who brings it; others get none."""
    found = foreseen_of(_found(book_id), seat_of(request).seat_id, what=becomes, after=_start(cursor))
    shown = found[:PAGE]
    people = still_seen(shown)
    audit_look("relation", people, how="list")
    seen = {str(one.id) for one in people}
    items = [
        EntryOut(
            number=one.number,
            name=one.name,
            becomes=one.what,
            changes=[EntryChangeOut(field=name, old=old, new=new) for name, old, new in one.changes],
            reasons=one.reasons,
            who=[EntryWhoOut(id=UUID(key), name=name) for key, name in one.who if key in seen],
            decided=one.choice,
        )
        for one in shown
    ]
    return EntryList(items=items, next=str(shown[-1].number) if len(found) > PAGE else None)


@router.post("/imports/contacts/{book_id}/decisions", response=EntriesDecided, summary="Say who doubtful entries are")
@needs("import")
def decide_book(request: HttpRequest, book_id: UUID, payload: Decisions) -> EntriesDecided:
    """A person who is left open comes in as they stand, and is decided afterwards: `to_decide` of the address book."""
    planned = _owned(request, book_id)
    said = {one.number: one.decided for one in payload.items}
    return EntriesDecided(count=actions.decide(actor=seat_of(request), contact_import=planned, choices=said))


@router.post("/imports/contacts/{book_id}/start", response=BookOut, summary="Bring an address book in")
@needs("import")
def start_book(request: HttpRequest, book_id: UUID) -> BookOut:
    """A worker does it, under one operation."""
    actor, planned = seat_of(request), _owned(request, book_id)
    return book_out(actions.start_planned(actor=actor, contact_import=planned), actor.seat_id)


@router.post("/imports/contacts/{book_id}/pause", response=BookOut, summary="Let an address book rest")
@needs("import")
def pause_book(request: HttpRequest, book_id: UUID) -> BookOut:
    """What is in stays in."""
    actor, planned = seat_of(request), _owned(request, book_id)
    return book_out(actions.pause_import(actor=actor, contact_import=planned), actor.seat_id)


@router.post("/imports/contacts/{book_id}/resume", response=BookOut, summary="Let an address book go on")
@needs("import")
def resume_book(request: HttpRequest, book_id: UUID) -> BookOut:
    """From where it stopped."""
    actor, planned = seat_of(request), _owned(request, book_id)
    done = actions.resume_import(actor=actor, contact_import=planned, in_background=True)
    return book_out(done, actor.seat_id)


@router.post("/imports/contacts/{book_id}/cancel", response=BookOut, summary="End an address book for good")
@needs("import")
def cancel_book(request: HttpRequest, book_id: UUID, payload: BookEnding) -> BookOut:
    """Keep what is in already, or turn that back."""
    actor, planned = seat_of(request), _owned(request, book_id)
    done = actions.cancel_import(actor=actor, contact_import=planned, keep=payload.keep)
    return book_out(done, actor.seat_id)


@router.post("/imports/contacts/{book_id}/undo", response=BookOut, summary="Turn back all that an address book brought")
@needs("import")
def undo_book(request: HttpRequest, book_id: UUID) -> BookOut:
    """A worker does it; `counts.undo` says how far it is."""
    actor, planned = seat_of(request), _owned(request, book_id)
    return book_out(actions.undo_import(actor=actor, contact_import=planned), actor.seat_id)


@router.get("/imports/contacts/{book_id}/left-out", response={200: None}, summary="Fetch what did not come in")
@needs("import")
def read_left_out(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """As CSV, with the reason of each entry: mend it and send it as an address book.

    For who brought it; for others there is no entry in it.
    """
    out = StringIO()
    write_left_out(_found(book_id), seat_of(request).seat_id, out)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    return response


def _found(book_id: UUID) -> ContactImport:
    planned: ContactImport | None = ContactImport.objects.filter(id=book_id).first()
    if planned is None:
        raise Http404
    return planned


def _owned(request: HttpRequest, book_id: UUID) -> ContactImport:
    planned = _found(book_id)
    if planned.seat_id != seat_of(request).seat_id:
        permit(seat_of(request), "undo_others")
    return planned


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 10:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
