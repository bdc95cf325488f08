# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stores one batch of what was heard, in the transaction of the caller."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from plein.channels.base import Edited, Entry, Follow, Gone, Message, Standing, Unreadable
from plein.channels.connecting import connector_of, folder_of
from plein.channels.live import Heard, hears_entries
from plein.channels.models import Connection, ConnectionProblem
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.core.statistics import gather_statistics
from plein.moments.events import EntriesHeard, FollowsHeard, MailBroughtIn
from plein.moments.hearing.ours import book_of
from plein.moments.intake.batch import Batch
from plein.moments.intake.book import AddressBook, key_of_address
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.edits import take_edits
from plein.moments.intake.job_news import find_job_news
from plein.moments.intake.lease import one_writer_at_a_time
from plein.moments.intake.newcomers import Newcomers
from plein.moments.intake.rows import fetch
from plein.moments.queries.agenda import person_of
from plein.moments.queries.sharing import circle_of_new, rules_of
from plein.trust.seats import Entrance

_GONE = """
    UPDATE moments_source s SET gone_at = %s
     WHERE s.workspace_id = %s AND s.import_id = %s AND s.external_id = ANY(%s) AND s.gone_at IS NULL RETURNING 1
"""


@dataclass
class Storing:
    """Stores what one connection hears; the address book lives as long as a visit."""

    connection: Connection
    actor: Entrance
    counts: Counter[str] = field(default_factory=Counter)
    _book: AddressBook | None = field(default=None, repr=False)

    def store(self, items: Sequence[Heard]) -> None:
        """Write all of it."""
        one_writer_at_a_time()
        # Its owner may have chosen otherwise while it listened.
        if self._book is not None and self._book.circle_id != circle_of_new(self.connection):
            self._book = None
        edits = self._take_edits(items)
        messages = [one for one in _as_edited(items) if one.external_id not in edits]
        readable: list[Message | Unreadable] = [*messages, *(one for one in items if isinstance(one, Unreadable))]
        self._welcome(messages)
        if readable:
            batch = Batch(self._bringer(), self.book)
            batch.write(readable)
            self.counts.update(heard=batch.counts.messages, imported=batch.counts.imported,
                               duplicates=batch.counts.duplicates, refused=batch.counts.unreadable)  # fmt: skip
        follows = tuple(one for one in items if isinstance(one, Follow))
        if follows:
            self._tell_follows(follows)
            self.counts.update(follows=len(follows))
        gone = [one.external_id[:500] for one in items if isinstance(one, Gone)]
        self._tell_entries(items, gone)
        self._withdraw(gone)

    @staticmethod
    def gather() -> None:
        """Let the planner know what came in."""
        gather_statistics()

    def _take_edits(self, items: Sequence[Heard]) -> set[str]:
        """Let what is here say what its writer made of it since; the identifiers of what that was."""
        said = [one.message if isinstance(one, Edited) else one for one in items if isinstance(one, Edited | Message)]
        talk = [one for one in said if one.kind in ("post", "chat")]
        edits = take_edits(self.connection.id, talk, self.book) if talk else set()
        self.counts.update(edited=len(edits))
        return edits

    def _tell_follows(self, follows: Sequence[Follow]) -> None:
        """Tell who is connected with the account, whom it follows, who follows it, and who does so no longer."""
        own = self.book.own
        mutual = [one for one in follows if one.is_mutual and not one.is_over]
        rest = [one for one in follows if not one.is_mutual and not one.is_over]
        publish(
            FollowsHeard(
                self.connection.circle_id,
                self.connection.policy == "everyone",
                connected=tuple(mutual),
                followed=tuple(one for one in rest if key_of_address(one.who) in own),
                followers=tuple(one for one in rest if key_of_address(one.whom) in own),
                ended=tuple(one for one in follows if one.is_over and key_of_address(one.whom) in own),
                is_live=True,
                brought_by=self.connection.id,
            )
        )

    def _tell_entries(self, items: Sequence[Heard], gone: Sequence[str]) -> None:
        """Tell what a calendar or an address book says now; whoever keeps it writes it here and now."""
        if not hears_entries(connector_of(self.connection.connector)):
            return
        entries = tuple(one for one in items if isinstance(one, Entry))
        standing = tuple(one for one in items if isinstance(one, Standing))
        refused = ConnectionProblem.objects.filter(connection=self.connection)
        before = refused.count()
        publish(EntriesHeard(self.actor, self.connection.id, entries, tuple(gone), standing))
        self.counts.update(heard=len(entries) + len(gone), refused=refused.count() - before)

    def finish(self) -> None:
        """All that was new is in: ask about whoever seems to work elsewhere, and let the texts be looked at."""
        find_job_news(self.connection.id, self.connection.created_at, self.book)
        publish(MailBroughtIn(self.connection.id))

    @property
    def book(self) -> AddressBook:
        """The address book, with who is on our side: our domains, and the account itself."""
        if self._book is None:
            self._book = book_of(self.connection, self.actor)
        return self._book

    def _welcome(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        me = person_of(self.actor.seat_id)
        newcomers = Newcomers(
            self.book, self.connection.policy, self.connection.id, self.actor.workspace_name, me.id if me else None
        )
        made = newcomers.welcome(messages).made
        self.counts.update(people=made.people, organizations=made.organizations)

    def _bringer(self) -> Bringer:
        connection = self.connection

        def refuse(problems: Sequence[Unreadable]) -> None:
            ConnectionProblem.objects.bulk_create(
                ConnectionProblem(
                    connection=connection,
                    circle_id=connection.circle_id,
                    folder=problem.folder[:500],
                    position=problem.position,
                    reason=problem.reason[:500],
                    sha256=problem.sha256,
                    size=problem.size,
                )
                for problem in problems
            )

        return Bringer(connection.id, self.book.circle_id, folder_of(connection), rules_of(connection), refuse)

    def _withdraw(self, external_ids: list[str]) -> None:
        """What was taken away at its source stays here, and says so."""
        if external_ids:
            found: list[tuple[UUID]] = fetch(_GONE, [now(), workspace_id(), self.connection.id, external_ids])
            self.counts.update(gone=len(found))


def _as_edited(items: Sequence[Heard]) -> list[Message]:
    """The messages of a batch; one that was changed before we stored it says at once what it says now."""
    found: dict[int, Message] = {place: one for place, one in enumerate(items) if isinstance(one, Message)}
    places = {one.external_id: place for place, one in found.items()}
    for one in items:
        place = places.get(one.message.external_id) if isinstance(one, Edited) else None
        if place is not None and isinstance(one, Edited):
            new = one.message
            found[place] = replace(
                found[place], text=new.text, html=new.html, subject=new.subject, fingerprint=new.fingerprint
            )
    return list(found.values())
