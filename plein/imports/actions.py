# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody does with an address book: bring it, say how it is to come in, start it, let it rest, turn it back."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db.transaction import on_commit
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plein.channels.connectors.contacts.tables import Dialect
from plein.channels.models import ImportState
from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import begin, operation
from plein.imports.effects import AS_NEW, LEAVE
from plein.imports.entries import Book
from plein.imports.events import BookChosen, BookResumed, BookTurnedBack
from plein.imports.mapping import OWN, Column
from plein.imports.models import OWN_KEY, ContactImport, Foreseen, Jobs, MatchKey, Mode
from plein.metadata.actions import add_field, add_group
from plein.metadata.models import FieldGroup
from plein.relations.actions.filing import LONGEST_TAG
from plein.relations.names import tidy
from plein.trust.circles import circle_for_new, everyone, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


class CannotBring(ValueError):
    """Why an import cannot do what was asked; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose: who may see it, by what people are known, what may be done, tags for everybody in it, and
    what becomes of the work of who works elsewhere by now.
    """

    circle: str = ""
    match: str = MatchKey.SEEMS
    mode: str = Mode.BOTH
    tags: Sequence[str] = ()
    jobs: str = Jobs.ASK


def plan_import(*, actor: Entrance, book: Book, name: str = "", is_upload: bool = False) -> ContactImport:
    """Take an address book on, to choose how it comes in. Only who brings it sees it until it begins."""
    permit(actor, "import")
    planned: ContactImport = ContactImport.objects.create(
        seat_id=actor.seat_id,
        circle_id=only_me(),
        state=ImportState.PREVIEW,
        path=str(book.path),
        is_upload=is_upload,
        **_written(book) | {"name": (name or book.path.name)[:300]},
    )
    return planned


def make_fields(*, actor: Entrance, book: Book, wanted: Mapping[int, str]) -> Book:
    """Make fields of one's own of columns, by place and of which type; the book with those columns in them."""
    permit(actor, "manage")
    if not wanted:
        return book
    columns = list(book.columns)
    group = FieldGroup.objects.filter(circle_id=everyone()).order_by("position", "id").first()
    language = "nl" if (get_language() or "").startswith("nl") else "en"
    with operation("add_field"):
        if group is None:
            names = {"name_nl": "", "name_en": "", f"name_{language}": _("Details")}
            group = add_group(actor=actor, audience="everyone", **names)
        for place, type_ in wanted.items():
            details = {f"label_{language}": tidy(book.head[place])[:80], "kinds": [book.kind]}
            made = add_field(actor=actor, group=group, type=type_, details=details)
            columns[place] = Column(OWN + made.key)
    return replace(book, columns=tuple(columns))


def choose(*, actor: Entrance, contact_import: ContactImport, book: Book, wishes: Wishes) -> ContactImport:
    """Keep how the book is read, what its columns hold and what is wished, and begin anew with looking ahead."""
    permit(actor, "import")
    planned = _waiting(contact_import)
    kept = {**_written(book), **_wished(wishes), "circle_key": wishes.circle, "foreseen": {}, "name": planned.name}
    _set(planned, **kept, problem="")
    Foreseen.objects.filter(contact_import=planned).delete()
    return planned


def look_ahead(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Ask what would become of each entry."""
    permit(actor, "import")
    planned = _waiting(contact_import)
    _set(planned, state=ImportState.SCANNING, problem="")
    publish(BookChosen(planned.id))
    return planned


def decide(*, actor: Entrance, contact_import: ContactImport, choices: Mapping[int, str]) -> int:
    """Say of entries whether they are somebody new, one of those they may be, or left out; of how many was said so."""
    permit(actor, "import")
    planned = _waiting(contact_import)
    asked = Foreseen.objects.filter(contact_import=planned, number__in=list(choices))
    changed = []
    for one in asked:
        choice = choices[one.number]
        if choice in ("", AS_NEW, LEAVE, *(key for key, _name in one.who)) and choice != one.choice:
            one.choice = choice
            changed.append(one)
    Foreseen.objects.bulk_update(changed, ["choice"])
    return len(changed)


def start_planned(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Begin to bring in what was planned, in the background and under one operation. Raises UnknownCircle."""
    permit(actor, "import")
    planned = _waiting(contact_import)
    opened = begin("import_contacts", import_id=str(planned.id))
    circle = circle_for_new(planned.circle_key)
    _set(planned, state=ImportState.RUNNING, circle_id=circle, operation_id=opened.id, counts={}, problem="")
    publish(BookResumed(planned.id))
    return planned


def start_import(*, actor: Entrance, book: Book, wishes: Wishes) -> ContactImport:
    """Begin to bring an address book in at once, under one operation. Raises UnknownCircle."""
    permit(actor, "import")
    started: ContactImport = ContactImport.objects.create(
        seat_id=actor.seat_id,
        circle_id=circle_for_new(wishes.circle),
        path=str(book.path),
        **_written(book),
        **_wished(wishes),
    )
    opened = begin("import_contacts", import_id=str(started.id))
    _set(started, operation_id=opened.id)
    return started


def resume_import(*, actor: Entrance, contact_import: ContactImport, in_background: bool = False) -> ContactImport:
    """Go on where it stopped, with what was chosen when it began."""
    permit(actor, "import")
    planned = _locked(contact_import)
    stopped = (ImportState.PAUSED, ImportState.FAILED, ImportState.RUNNING, ImportState.SCANNING)
    _expect(planned, stopped)
    begun = planned.operation_id is not None
    _set(planned, state=ImportState.RUNNING if begun else ImportState.SCANNING, problem="")
    if in_background:
        publish(BookResumed(planned.id) if begun else BookChosen(planned.id))
    return planned


def pause_import(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Let it rest; what is in stays in."""
    permit(actor, "import")
    planned = _locked(contact_import)
    _expect(planned, (ImportState.RUNNING,))
    _set(planned, state=ImportState.PAUSED, lease_until=None, holder="")
    return planned


def cancel_import(*, actor: Entrance, contact_import: ContactImport, keep: bool) -> ContactImport:
    """End it for good: keep what is in already, or turn that back."""
    permit(actor, "import")
    planned = _locked(contact_import)
    _expect(planned, [one for one in ImportState if one not in (ImportState.DONE, ImportState.CANCELLED)])
    ended = {"state": ImportState.CANCELLED, "finished_at": now(), "lease_until": None, "holder": "", "foreseen": {}}
    _set(planned, **ended)
    Foreseen.objects.filter(contact_import=planned).delete()
    if planned.is_upload:
        on_commit(lambda: shutil.rmtree(Path(planned.path).parent, ignore_errors=True))
    if not keep and planned.operation_id:
        _turn_back(planned)
    return planned


def undo_import(*, actor: Entrance, contact_import: ContactImport) -> ContactImport:
    """Turn back everything that an import brought, in the background."""
    permit(actor, "import")
    if contact_import.seat_id != actor.seat_id:
        permit(actor, "undo_others")
    planned = _locked(contact_import)
    if planned.state not in (ImportState.DONE, ImportState.CANCELLED) or not planned.operation_id:
        raise CannotBring(_("There is nothing to undo."))
    if planned.counts.get("undo"):
        raise CannotBring(_("This import is being undone already, or was."))
    _turn_back(planned)
    return planned


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


def kept_book(planned: ContactImport) -> Book:
    """The book as it was read last, in the file it came in."""
    return book_of(planned, Book(Path(planned.path)))


def wishes_of(planned: ContactImport) -> Wishes:
    """What was wished for an import that waits."""
    return Wishes(planned.circle_key, planned.match, planned.mode, tuple(planned.tags), planned.jobs)


def _written(book: Book) -> dict[str, Any]:
    return {
        "name": book.path.name[:300],
        "encoding": book.dialect.encoding if book.dialect else "",
        "delimiter": book.dialect.delimiter if book.dialect else "",
        "is_headed": book.is_headed,
        "head": list(book.head),
        "mapping": [str(column) for column in book.columns],
    }


def _wished(wishes: Wishes) -> dict[str, Any]:
    tags = [tag[:LONGEST_TAG] for one in wishes.tags if (tag := tidy(one))]
    match = wishes.match if wishes.match.startswith(OWN_KEY) else MatchKey(wishes.match)
    return {"match": match, "mode": Mode(wishes.mode), "tags": tags, "jobs": Jobs(wishes.jobs)}


def _turn_back(planned: ContactImport) -> None:
    _set(planned, counts={**planned.counts, "undo": "busy"})
    publish(BookTurnedBack(planned.id))


def _locked(planned: ContactImport) -> ContactImport:
    locked: ContactImport = ContactImport.objects.select_for_update().get(id=planned.id)
    return locked


def _waiting(planned: ContactImport) -> ContactImport:
    locked = _locked(planned)
    _expect(locked, (ImportState.PREVIEW,))
    return locked


def _expect(planned: ContactImport, states: Iterable[str]) -> None:
    if planned.state not in tuple(states):
        state = {"state": planned.get_state_display()}
        raise CannotBring(_("That is not possible now: the import is %(state)s.") % state)


def _set(planned: ContactImport, **values: Any) -> None:
    for name, value in values.items():
        setattr(planned, name, value)
    planned.save(update_fields=list(values))
