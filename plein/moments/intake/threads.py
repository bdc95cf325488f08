# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts messages that belong together into one thread, whatever the order and the pieces in which they come in.

By the identifiers they name; a message that names none, by its subject: it marks itself as a reply or a forward, its
writer took part in the earlier message (or two others did in both), and there are at most 90 days between the two.
What was said in one place of a chat belongs together when there are at most twelve hours between two messages.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from plein.core.isolation import workspace_id
from plein.moments.intake.rows import fetch

WINDOW = timedelta(days=90)
PAUSE = timedelta(hours=12)
_LOOK_BACK = 300
_MARK = re.compile(
    r"\s*(?:\[[^\[\]]{1,60}\]\s*)*(?:re|fw|fwd|aw|wg|sv|vs|vb|antw|antwoord|betr|betreft|doorst|tr|rv|res|enc|r|i)"
    r"\s*(?:[\[(]\d{1,3}[\])]|\^?\d{1,3})?\s*[:\uff1a]",
    re.IGNORECASE,
)
_BY_IDENTIFIER = """
    SELECT x.external_id, m.thread_id
      FROM (SELECT s.external_id, s.moment_id FROM moments_source s
             WHERE s.workspace_id = %(workspace)s AND s.external_id = ANY(%(ids)s)
            UNION
            SELECT r.external_id, r.moment_id FROM moments_reference r
             WHERE r.workspace_id = %(workspace)s AND r.external_id = ANY(%(ids)s)) x
      JOIN moments_moment m ON m.workspace_id = %(workspace)s AND m.id = x.moment_id AND m.circle_id = ANY(%(circles)s)
"""
_BY_SUBJECT = """
    SELECT s.key, m.thread_id, m.occurred_at, s.title,
           EXISTS (SELECT FROM moments_reference r WHERE r.workspace_id = m.workspace_id AND r.moment_id = m.id),
           p.writer, p.people, m.kind <> 'email'
      FROM moments_subject s
      JOIN moments_moment m ON m.workspace_id = s.workspace_id AND m.id = s.moment_id AND m.kind = ANY(%s)
           AND m.occurred_at BETWEEN %s AND %s AND m.circle_id = ANY(%s)
     CROSS JOIN LATERAL (
           SELECT (array_agg(q.contact_point_id) FILTER (WHERE q.role = 'from'))[1] AS writer,
                  array_agg(q.contact_point_id) AS people
             FROM moments_participant q
            WHERE q.workspace_id = m.workspace_id AND q.moment_id = m.id AND q.contact_point_id IS NOT NULL
              AND q.role IN ('from', 'to', 'cc', 'bcc')) p
     WHERE s.workspace_id = %s AND s.key = ANY(%s) AND s.circle_id = ANY(%s)
"""


@dataclass(slots=True)
class Letter:
    """A message as threading sees it; `thread` is a thread it is in already, or one of its own."""

    key: str
    thread: UUID
    at: datetime
    is_marked: bool
    has_references: bool
    writer: UUID | None
    people: frozenset[UUID]
    identifiers: tuple[str, ...] = ()
    is_talk: bool = False


class Threads:
    """Threads that turn out to be one."""

    def __init__(self) -> None:
        self._into: dict[UUID, UUID] = {}
        self._stored: set[UUID] = set()

    def find(self, thread: UUID) -> UUID:
        """The thread that this one is part of."""
        into = self._into
        while into.get(thread, thread) != thread:
            into[thread] = into.get(into[thread], into[thread])
            thread = into[thread]
        return thread

    def join(self, one: UUID, other: UUID) -> None:
        """These two are one; the older of those in the database keeps its identifier."""
        first, second = sorted((self.find(one), self.find(other)), key=lambda t: (t not in self._stored, t))
        if first != second:
            self._into[second] = first

    def stored(self, thread: UUID) -> None:
        """This thread is in the database."""
        self._stored.add(thread)

    def moved(self) -> list[tuple[UUID, UUID]]:
        """The threads in the database that go up into another one: from, into."""
        return [(one, self.find(one)) for one in self._stored if self.find(one) != one]


def thread(letters: Sequence[Letter], circles: list[int]) -> Threads:
    """Find which letters belong together, with each other and with what is in the database."""
    threads = Threads()
    _by_identifier(letters, circles, threads)
    by_key: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.key:
            by_key[letter.key].append(letter)
    talks = {key: letters for key, letters in by_key.items() if letters[0].is_talk}
    mail = {key: letters for key, letters in by_key.items() if key not in talks}
    stored_ones = [*_stored_letters(mail, circles, WINDOW, ["email"]),
                   *_stored_letters(talks, circles, PAUSE, ["chat", "text"])]  # fmt: skip
    for stored in stored_ones:
        threads.stored(stored.thread)
        by_key[stored.key].append(stored)
    for conversation in by_key.values():
        _by_subject(conversation, threads)
    return threads


def _by_identifier(letters: Sequence[Letter], circles: list[int], threads: Threads) -> None:
    first: dict[str, UUID] = {}
    wanted = sorted({identifier for letter in letters for identifier in letter.identifiers})
    if wanted:
        for identifier, stored in fetch(
            _BY_IDENTIFIER, {"workspace": workspace_id(), "ids": wanted, "circles": circles}
        ):
            threads.stored(stored)
            threads.join(first.setdefault(identifier, stored), stored)
    for letter in letters:
        for identifier in letter.identifiers:
            threads.join(first.setdefault(identifier, letter.thread), letter.thread)


def _stored_letters(
    by_key: dict[str, list[Letter]], circles: list[int], window: timedelta, kinds: list[str]
) -> Iterable[Letter]:
    if not by_key:
        return
    times = [letter.at for letters in by_key.values() for letter in letters]
    parameters = [kinds, min(times) - window, max(times) + window, circles, workspace_id(), list(by_key), circles]
    for key, stored, at, title, has_references, writer, people, is_talk in fetch(_BY_SUBJECT, parameters):
        people = frozenset(people or ())
        yield Letter(key, stored, at, is_marked(title), has_references, writer, people, is_talk=is_talk)


def is_marked(subject: str) -> bool:
    """Whether a subject begins as that of a reply or a forward."""
    return _MARK.match(subject) is not None


def _by_subject(conversation: list[Letter], threads: Threads) -> None:
    if len(conversation) < 2:
        return
    conversation.sort(key=lambda letter: letter.at)
    if conversation[0].is_talk:
        for earlier, later in pairwise(conversation):
            if later.at - earlier.at <= PAUSE:
                threads.join(earlier.thread, later.thread)
        return
    for place, later in enumerate(conversation):
        for earlier in reversed(conversation[max(0, place - _LOOK_BACK) : place]):
            if later.at - earlier.at > WINDOW:
                break
            # Of two sent in the same second, either may be the answer.
            if _answers(later, earlier) or (later.at == earlier.at and _answers(earlier, later)):
                threads.join(earlier.thread, later.thread)


def _answers(later: Letter, earlier: Letter) -> bool:
    if not later.is_marked or later.has_references:
        return False
    return later.writer in earlier.people or len(later.people & earlier.people) > 1
