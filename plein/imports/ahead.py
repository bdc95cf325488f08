# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks what would become of the entries of a book: everything is done in steps, and each step is taken back."""

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import batched, islice

from plein.core.isolation import in_operation
from plein.imports.actions import Wishes, start_import
from plein.imports.batch import Batch
from plein.imports.effects import Effect
from plein.imports.entries import Book, entries_of
from plein.relations.actions.contact_points import home_country
from plein.trust.models import User
from plein.trust.seats import entered

#: So many entries are looked at, and so many of them at a time: nobody who works waits for a step.
MOST, AT_ONCE = 20_000, 250


class _OnlyLooking(Exception):
    """Ends a step: nothing that was written stays."""


@dataclass
class Ahead:
    """A look at a book, as somebody wishes it to come in. Raises NotATable, OSError, UnknownCircle."""

    user: User
    workspace: int
    book: Book
    wishes: Wishes
    door: str = "cli"
    decided: Mapping[int, str] = field(default_factory=dict)

    def effects(self) -> Iterator[list[Effect]]:
        """What would become of the entries, some at a time."""
        before: dict[tuple[str, str, str], tuple[int, str]] = {}
        with closing(entries_of(self.book)) as entries:
            for some in batched(islice(entries, MOST), AT_ONCE):
                found: list[Effect] = []
                with suppress(_OnlyLooking), entered(self.user, self.workspace, door=self.door) as actor:
                    planned = start_import(actor=actor, book=self.book, wishes=self.wishes)
                    batch = Batch(
                        actor, planned, home_country(), keeps_photos=False, decided=self.decided, before=before
                    )
                    with in_operation(planned.operation_id):
                        found = batch.write(some)
                    raise _OnlyLooking
                yield found
