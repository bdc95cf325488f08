# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plein.channels.connectors.contacts.tables import Dialect
from plein.channels.models import ImportState
from plein.core.operations import begin
from plein.imports.entries import Book
from plein.imports.mapping import Column
from plein.imports.models import ContactImport, MatchKey, Mode
from plein.relations.actions.filing import LONGEST_TAG
from plein.relations.names import tidy
from plein.trust.circles import circle_for_new
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose: who may see it, by what people are known, what may be done, tags for everybody in it."""

    circle: str = ""
    match: str = MatchKey.SEEMS
    mode: str = Mode.BOTH
    tags: Sequence[str] = ()


def start_import(*, actor: Entrance, book: Book, wishes: Wishes) -> ContactImport:
    """Begin to bring an address book in, under one operation. Raises UnknownCircle."""
    permit(actor, "import")
    started: ContactImport = ContactImport.objects.create(
        seat_id=actor.seat_id,
        circle_id=circle_for_new(wishes.circle),
        name=book.path.name[:300],
        path=str(book.path),
        encoding=book.dialect.encoding if book.dialect else "",
        delimiter=book.dialect.delimiter if book.dialect else "",
        is_headed=book.is_headed,
        head=list(book.head),
        mapping=[str(column) for column in book.columns],
        match=MatchKey(wishes.match),
        mode=Mode(wishes.mode),
        tags=[tag[:LONGEST_TAG] for one in wishes.tags if (tag := tidy(one))],
    )
    opened = begin("import_contacts", import_id=str(started.id))
    ContactImport.objects.filter(id=started.id).update(operation_id=opened.id)
    return ContactImport.objects.get(id=started.id)


def resume_import(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Go on where it stopped, with what was chosen when it began."""
    permit(actor, "import")
    unfinished = ContactImport.objects.filter(id=contact_import.id).exclude(state=ImportState.DONE)
    unfinished.update(state=ImportState.RUNNING, problem="")
    return ContactImport.objects.get(id=contact_import.id)


def pause_import(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Let it rest; what is in stays in."""
    permit(actor, "import")
    running = ContactImport.objects.filter(id=contact_import.id, state=ImportState.RUNNING)
    running.update(state=ImportState.PAUSED, lease_until=None, holder="")
    return ContactImport.objects.get(id=contact_import.id)


def remembered(book: Book, planned: ContactImport | None) -> Book:
    """The book with its columns as an earlier import of such a table had them."""
    if planned is None or len(planned.mapping) != len(book.columns):
        return book
    return replace(book, columns=tuple(Column.read(text) for text in planned.mapping))


def book_of(planned: ContactImport, like: Book) -> Book:
    """The book of an import that began, as it was read then."""
    columns = tuple(Column.read(text) for text in planned.mapping)
    dialect = Dialect(planned.encoding, planned.delimiter) if planned.encoding else None
    return Book(like.path, dialect, tuple(planned.head), columns, planned.is_headed)
