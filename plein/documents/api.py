# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to invoices and bank statements: bring them in, list and read them, and see what was paid."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from plein.core.audit import Shown, audit_look
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, act, needs
from plein.documents.bringing import Wishes
from plein.documents.forms import MOST_FILES
from plein.documents.models import FileRecord, RecordKind
from plein.documents.money import bills_of, totals_of
from plein.documents.reader_words import told
from plein.documents.receiving import bring_sent
from plein.relations.models import Relation
from plein.trust.audience import Circle
from plein.trust.circles import UnknownCircle
from plein.trust.seats import seat_of

router = Router(tags=["documents"])
PAGE = 50
MOST_PAYMENTS = 5000
HEADS = (RecordKind.INVOICE, RecordKind.CREDIT_NOTE, RecordKind.STATEMENT)


class BroughtOut(BaseModel):
    """What became of a file: `new`, `doubtful`, `same`, `skipped` or `refused`, and why when it is not plain."""

    name: str
    becomes: str
    kind: str
    number: str
    way: str
    relation: str
    reason: str
    flaws: list[str]
    moment: UUID | None


class BroughtList(BaseModel):
    """What became of each file, in their order."""

    items: list[BroughtOut]


class DocumentOut(BaseModel):
    """An invoice, a credit note or a bank statement; `amount` is what is to be paid, or the closing balance."""

    id: UUID
    kind: str
    number: str
    issued_on: date | None
    due_on: date | None
    currency: str
    amount: Decimal | None
    from_name: str
    to_name: str
    moment: UUID
    file: UUID


class DocumentList(BaseModel):
    """A page of documents, the last that came in first, and where the next page starts."""

    items: list[DocumentOut]
    next: str | None


class PaymentOut(BaseModel):
    """Money on an account: in when the amount is positive."""

    booked_on: date | None
    currency: str
    amount: Decimal | None
    from_name: str
    to_name: str
    words: str


class DocumentRead(DocumentOut):
    """All that a document says, as it stands there, with what is wrong with it; of a statement its payments too."""

    says: dict[str, Any]
    payments: list[PaymentOut]


class BillOut(BaseModel):
    """An invoice or a credit note (of negative value), how much of it was seen to be paid, and the day when all was."""

    id: UUID
    moment: UUID
    is_ours: bool
    is_credit: bool
    number: str
    issued_on: date | None
    due_on: date | None
    currency: str
    value: Decimal
    paid: Decimal
    paid_on: date | None
    is_late: bool


class MoneyTotal(BaseModel):
    """Of one currency: what was sent and received, and of how much no payment was seen."""

    currency: str
    sent: Decimal
    sent_open: Decimal
    received: Decimal
    received_open: Decimal


class BillList(BaseModel):
    """The invoices between a relation and us, the newest first, and what they come to."""

    items: list[BillOut]
    totals: list[MoneyTotal]


class DocumentWishes(Payload):
    """Who may see what is new, and which way invoices went that do not say; `dry` tells and writes nothing."""

    circle: Circle = ""
    way: Literal["", "inbound", "outbound"] = ""
    dry: bool = False


@router.post("/documents", response=BroughtList, summary="Bring invoices and bank statements in")
@needs("import")
def import_documents(
    request: HttpRequest, files: File[list[UploadedFile]], wishes: Form[DocumentWishes]
) -> BroughtList:
    """As `multipart/form-data`, at most twenty files, as one operation. The same ones once more change nothing."""
    if len(files) > MOST_FILES:
        raise Invalid({"files": _("Send at most %(count)s files at once.") % {"count": MOST_FILES}})
    try:
        with act(request, "import_documents"):
            brought = bring_sent(seat_of(request), files, Wishes(wishes.circle, wishes.way, only_looks=wishes.dry))
    except UnknownCircle as trouble:
        raise Invalid({"circle": _("Choose one of the circles you are in.")}) from trouble
    names = ("name", "becomes", "kind", "number", "way", "relation")
    return BroughtList(
        items=[
            BroughtOut(
                reason=told(one.reason),
                flaws=list(one.flaws),
                moment=one.moment_id,
                **{name: getattr(one, name) for name in names},
            )
            for one in brought
        ]
    )


@router.get("/documents", response=DocumentList, summary="List invoices and bank statements")
def list_documents(
    request: HttpRequest,
    kind: Literal["", "invoice", "credit_note", "statement"] = "",
    number: Annotated[str, Field(max_length=300)] = "",
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> DocumentList:
    """Of what one may see, the last that came in first."""
    del request
    found = _heads().filter(kind=kind) if kind else _heads()
    found = found.filter(number=number) if number else found
    if cursor:
        try:
            found = found.filter(id__lt=UUID(cursor))
        except ValueError as trouble:
            raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    rows = list(found.order_by("-id")[: limit + 1])
    shown = rows[:limit]
    audit_look("moment", [Shown(one.moment_id, one.circle_id) for one in shown], how="list")
    items = [DocumentOut(**_fields(one)) for one in shown]
    return DocumentList(items=items, next=str(shown[-1].id) if len(rows) > limit else None)


@router.get("/documents/{document_id}", response=DocumentRead, summary="Read an invoice or a bank statement")
def read_document(request: HttpRequest, document_id: UUID) -> DocumentRead:
    """Lines, taxes and accounts of an invoice; of a statement at most 5,000 payments."""
    del request
    one = _heads().filter(id=document_id).first()
    if one is None:
        raise Http404
    audit_look("moment", [Shown(one.moment_id, one.circle_id)], how="list")
    following = FileRecord.objects.filter(attachment_id=one.attachment_id, place__gt=one.place).order_by("place", "id")
    payments = []
    for row in following[:MOST_PAYMENTS] if one.kind == RecordKind.STATEMENT else ():
        if row.kind != RecordKind.PAYMENT:
            # The next statement in the same file begins.
            break
        payments.append(_payment(row))
    return DocumentRead(says=one.content.get("says", {}), payments=payments, **_fields(one))


@router.get("/relations/{relation_id}/invoices", response=BillList, summary="List the invoices with a relation")
def list_bills(request: HttpRequest, relation_id: UUID) -> BillList:
    """Of what one may see, with the payments that were seen: of all of it, in parts, and of several at once."""
    del request
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    bills = bills_of(relation.id)
    audit_look("relation", [relation], how="list")
    audit_look("moment", [Shown(one.moment_id, one.circle_id) for one in bills], how="list")
    names = ("id", "is_ours", "is_credit", "number", "issued_on", "due_on", "currency", "value", "paid", "paid_on")
    items = [
        BillOut(moment=one.moment_id, is_late=one.is_late, **{name: getattr(one, name) for name in names})
        for one in bills
    ]
    sums = ("currency", "sent", "sent_open", "received", "received_open")
    totals = [MoneyTotal(**{name: getattr(one, name) for name in sums}) for one in totals_of(bills)]
    return BillList(items=items, totals=totals)


def _heads() -> QuerySet[FileRecord]:
    return FileRecord.objects.filter(kind__in=HEADS)


def _fields(one: FileRecord) -> dict[str, Any]:
    names = ("id", "kind", "number", "issued_on", "due_on", "currency", "amount", "from_name", "to_name")
    return {"moment": one.moment_id, "file": one.attachment_id, **{name: getattr(one, name) for name in names}}


def _payment(one: FileRecord) -> PaymentOut:
    names = ("currency", "amount", "from_name", "to_name", "words")
    return PaymentOut(booked_on=one.issued_on, **{name: getattr(one, name) for name in names})
