# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries an import through. Each step is one transaction that also saves how far it came, so the process may die
between any two of them: the next one goes on from there, and nobody comes in twice.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.models import ImportState
from plein.core.ahead import made_ahead, stepping_aside
from plein.core.ids import now
from plein.core.isolation import in_operation
from plein.core.leases import AtWork, Lease, Superseded, Workplace
from plein.core.statistics import gather_statistics
from plein.imports.actions import kept_book
from plein.imports.batch import Batch
from plein.imports.bonds import Binder, namings_of
from plein.imports.effects import Effect
from plein.imports.entries import Book, Entry, entries_of
from plein.imports.models import ContactImport, Foreseen, LeftOut
from plein.imports.wanted import Made, wanted_of
from plein.moments.intake.lease import one_writer_at_a_time
from plein.relations.actions.contact_points import home_country
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

AT_ONCE, TIED_AT_ONCE = 500, 100
PLACE = Workplace("imports_contact_import", (ImportState.RUNNING,))


def take(planned: ContactImport) -> Lease:
    """Take the import, or raise AtWork when a living worker has it."""
    lease = PLACE.take(planned.id, planned.holder)
    if lease is None:
        raise AtWork(_("Another process is bringing in “%(name)s” at this moment.") % {"name": planned.name})
    return lease


def decisions_of(planned: ContactImport) -> dict[int, str]:
    """What somebody decided of entries before it began, by number."""
    decided = Foreseen.objects.filter(contact_import=planned).exclude(choice="")
    return dict(decided.values_list("number", "choice"))


@dataclass
class Runner:
    """One worker's turn on one import."""

    user: User
    workspace: int
    import_id: UUID
    on_progress: Callable[[ContactImport], None] | None = None
    door: str = "cli"
    at_once: int = AT_ONCE
    should_stop: Callable[[], bool] = lambda: False
    _gather_at: int = 1_000

    def run(self) -> ContactImport:
        """Write all of it; raises Superseded when somebody paused it or another worker took it."""
        with entered(self.user, self.workspace, door=self.door):
            planned = ContactImport.objects.get(id=self.import_id)
            lease = take(planned)
            decided, country = decisions_of(planned), home_country()
        book = kept_book(planned)
        try:
            with closing(self._made_ahead(book, planned.position, country)) as pieces:
                for some in pieces:
                    planned = self._step(lease, some, decided)
                    self._stop_if_asked(lease)
                    if self.on_progress is not None:
                        self.on_progress(planned)
            self._tie(lease, book, decided, country)
        except (NotATable, OSError) as trouble:
            return self._end(lease, ImportState.FAILED, str(trouble))
        return self._end(lease, ImportState.DONE)

    def _tie(self, lease: Lease, book: Book, decided: Mapping[int, str], country: str) -> None:
        """Tie those whom cards name as related; after a crash all of it once more, and no tie comes twice."""
        some, by_uid = namings_of(book)
        for few in batched(some, TIED_AT_ONCE):
            with entered(self.user, self.workspace, door=self.door) as actor:
                lease.hold()
                planned: ContactImport = ContactImport.objects.get(id=self.import_id)
                with in_operation(planned.operation_id):
                    one_writer_at_a_time()
                    made = Binder(actor, country, planned.match, dict(decided), by_uid).tie(few)
                if made:
                    planned.counts["ties"] = int(planned.counts.get("ties", 0)) + made
                    planned.save(update_fields=["counts"])
            self._stop_if_asked(lease)

    def _made_ahead(self, book: Book, after: int, country: str) -> Generator[list[Made]]:
        """What the entries are to be, some at a time: the next are made out while the last are written."""
        entries = entries_of(book, after=after)
        language = translation.get_language() or self.user.language

        def made() -> Generator[list[Made]]:
            with translation.override(language):
                for some in batched(stepping_aside(entries), self.at_once):
                    yield [(entry, wanted_of(entry, country)) for entry in some]

        return made_ahead(made(), entries.close, name="reader of an address book")

    def _stop_if_asked(self, lease: Lease) -> None:
        if self.should_stop():
            with entered(self.user, self.workspace, door=self.door):
                lease.release()
            raise Superseded

    def _step(self, lease: Lease, some: Sequence[Made], decided: Mapping[int, str]) -> ContactImport:
        with entered(self.user, self.workspace, door=self.door) as actor:
            lease.hold()
            planned: ContactImport = ContactImport.objects.get(id=self.import_id)
            with in_operation(planned.operation_id):
                one_writer_at_a_time()
                _write(actor, planned, some, decided)
            if planned.position >= self._gather_at:
                self._gather_at = planned.position * 4
                gather_statistics()
        return planned

    def _end(self, lease: Lease, state: ImportState, problem: str = "") -> ContactImport:
        with entered(self.user, self.workspace, door=self.door):
            lease.hold()
            ended = {"state": state, "problem": problem[:500], "lease_until": None, "holder": ""}
            ContactImport.objects.filter(id=self.import_id).update(finished_at=now(), **ended)
            if state == ImportState.DONE:
                Foreseen.objects.filter(contact_import_id=self.import_id).delete()
            gather_statistics()
            done: ContactImport = ContactImport.objects.get(id=self.import_id)
        return done


def write_some(actor: Entrance, planned: ContactImport, some: Sequence[Entry]) -> list[Effect]:
    """Write some entries, and save with them how far the import is and what was left out."""
    country = home_country()
    return _write(actor, planned, [(entry, wanted_of(entry, country)) for entry in some], {})


def _write(actor: Entrance, planned: ContactImport, some: Sequence[Made], decided: Mapping[int, str]) -> list[Effect]:
    effects = Batch(actor, planned, home_country(), decided=decided).write_made(some)
    LeftOut.objects.bulk_create(
        LeftOut(
            contact_import=planned,
            circle_id=planned.circle_id,
            number=one.entry.number,
            name=one.name[:300],
            reason=" ".join(one.reasons)[:500],
            cells=list(one.entry.cells),
        )
        for one in effects
        if one.reasons
    )
    for one in effects:
        planned.counts[one.what] = int(planned.counts.get(one.what, 0)) + 1
    planned.position = some[-1][0].number
    planned.save(update_fields=["counts", "position"])
    return effects
