# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings invoices and bank statements in: each becomes a letter with the file, once, with whom it is about."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from plein.documents.actions import ReadFile, keep_words
from plein.documents.files import Answer
from plein.documents.files.parties import sides_of
from plein.documents.files.records import Document, Invoice, Statement
from plein.documents.files.wire import from_json
from plein.documents.matching import Match, match_of, strong_of, way_of
from plein.documents.models import FileRecord, RecordKind
from plein.documents.queries import WaitingFile
from plein.moments.actions import IncomingFile, Part, record_moment
from plein.moments.models import Attachment
from plein.moments.vocabulary import Direction, MomentKind, ParticipantRole
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

NEW, SAME, DOUBTFUL, SKIPPED, REFUSED = "new", "same", "doubtful", "skipped", "refused"
OUTCOMES = (NEW, DOUBTFUL, SAME, SKIPPED, REFUSED)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: as what, with whom, and why when it is not plain."""

    name: str
    becomes: str
    kind: str = ""
    number: str = ""
    way: str = ""
    relation: str = ""
    reason: str = ""
    flaws: tuple[str, ...] = ()
    moment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Who may see what is new, and whether we sent these invoices or received them, where they do not say.

    `only_looks` tells what would become of them, and writes nothing.
    """

    circle: str = ""
    way: str = ""
    only_looks: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with what is in it."""

    path: Path
    name: str
    answer: Answer
    sha256: str
    documents: Sequence[Document] = field(default_factory=tuple)


def bring_in(*, actor: Entrance, path: Path, answer: Answer, wishes: Wishes, name: str = "") -> Brought:
    """Bring one file in that was read, in the operation of whoever calls."""
    permit(actor, "import")
    name = (name or path.name)[:300]
    documents = [from_json(one) for one in answer.records]
    if answer.state == "refused":
        return Brought(name, REFUSED, reason=answer.reason)
    if not documents:
        return Brought(name, SKIPPED, reason=answer.flaw or _("This file holds no invoice and no bank statement."))
    found = _Found(path, name, answer, _hash_of(path), documents)
    if Attachment.objects.filter(sha256=found.sha256).exists():
        return _brought(found, SAME, reason=_("This very file is here already."))
    first = documents[0]
    if isinstance(first, Invoice):
        return _invoice(actor, found, first, wishes)
    return _statement(actor, found, first, wishes)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _brought(found: _Found, becomes: str, **more: Any) -> Brought:
    first = found.documents[0]
    kind = first.kind if isinstance(first, Invoice) else str(RecordKind.STATEMENT)
    flaws = tuple(f"{flaw.rule}: {flaw.words}" for one in found.documents for flaw in one.flaws)
    return Brought(found.name, becomes, kind=kind, number=first.number, flaws=flaws, **more)


def _invoice(actor: Entrance, found: _Found, invoice: Invoice, wishes: Wishes) -> Brought:
    sells, buys = sides_of(invoice)
    if _is_known(invoice, sells):
        return _brought(found, SAME, reason=_("An invoice of the same seller with this number is here already."))
    way = way_of(invoice, sells, buys) or wishes.way
    if not way:
        reason = _("Neither side is known to be us. Say whether you sent it or received it, and bring it in again.")
        return _brought(found, SKIPPED, reason=reason)
    they, keys = (invoice.buyer, buys) if way == Direction.OUTBOUND else (invoice.seller, sells)
    match = match_of(they, keys)
    role = ParticipantRole.TO if way == Direction.OUTBOUND else ParticipantRole.FROM
    part = Part(match.relation.id if match.relation else None, role, heard_name=they.name)
    title = _("Credit note %(number)s") if invoice.kind == "credit_note" else _("Invoice %(number)s")
    moment_id = _record(actor, found, wishes, title % {"number": invoice.number}, way, invoice.issued_on, [part])
    told = {"way": str(way), "moment_id": moment_id, "reason": _why(match)}
    if match.relation is None:
        return _brought(found, DOUBTFUL, relation=they.name, **told)
    return _brought(found, NEW, relation=match.relation.name, **told)


def _why(match: Match) -> str:
    if match.relation is not None:
        return {
            "number": _("known by a number on an earlier document"),
            "email": _("known by the e-mail address"),
            "name": _("known by name and place"),
        }[match.reason]
    if match.maybe:
        names = ", ".join(one.name for one in match.maybe)
        return _("This may be one of these: %(names)s. Say who it is on the page of the letter.") % {"names": names}
    return _("We know nobody like this. Say who it is on the page of the letter.")


def _is_known(invoice: Invoice, sells: Sequence[str]) -> bool:
    """Whether the same seller sent one of this number before; an account may be a factor's, and tells of no seller."""
    if not invoice.number:
        return False
    same = FileRecord.objects.filter(kind=invoice.kind, number=invoice.number, issued_on=invoice.issued_on)
    strong = strong_of(sells)
    if strong:
        return same.filter(from_keys__has_any_keys=strong).exists()
    return same.filter(from_name=invoice.seller.name).exists()


def _statement(actor: Entrance, found: _Found, statement: Statement, wishes: Wishes) -> Brought:
    title = _("Bank statement of %(account)s") % {"account": statement.account}
    day = statement.closed_on or statement.opened_on
    moment_id = _record(actor, found, wishes, title, Direction.INBOUND, day, [])
    return _brought(found, NEW, way=str(Direction.INBOUND), moment_id=moment_id)


def _record(
    actor: Entrance, found: _Found, wishes: Wishes, title: str, way: str, day: date | None, parts: list[Part]
) -> UUID | None:
    if wishes.only_looks:
        return None
    at = datetime.combine(day, time(12), timezone.get_current_timezone()) if day else None
    with found.path.open("rb") as stream:
        moment = record_moment(
            actor=actor,
            kind=MomentKind.LETTER,
            participants=parts,
            direction=way,
            occurred_at=at,
            subject=title,
            circle=wishes.circle,
            files=[IncomingFile(found.name, found.path.stat().st_size, stream)],
        )
    file = Attachment.objects.get(moment=moment)
    waiting = WaitingFile(file.id, moment.id, file.circle_id, file.name, file.sha256)
    keep_words(actor=actor, files=[ReadFile(waiting, found.answer)])
    return moment.id
