# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks at the texts that wait, a few at a time: one transaction reads them, none is open while a model looks, and
another one keeps what it made of them. Whoever is stopped goes on where texts still wait; nothing is done twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from plein.moments.actions.recognising import keep_recognised
from plein.moments.queries.learned import adjustment_in_use
from plein.moments.queries.topics import lessons_of_topics
from plein.moments.queries.waiting import START, Waiting, known_names, waiting_texts
from plein.moments.recognising import incoming_of, row_of
from plein.recognition.adjustment import Adjustment
from plein.recognition.encoders import has_standard
from plein.recognition.mentions.words import folded, words_of
from plein.recognition.model import LIGHT, STANDARD, base
from plein.recognition.recognise import recognise, version_with
from plein.recognition.topics import Topics, learned_topics
from plein.trust.models import User
from plein.trust.seats import entered

#: Texts that are read, looked at and kept together.
AT_ONCE = {LIGHT: 256, STANDARD: 64}


def _silent(count: int) -> None:
    del count


@dataclass
class Recogniser:
    """One turn, as a colleague: over the texts of some moments, or over all from a place on that they may see."""

    user: User
    workspace: int
    door: str = "worker"
    should_stop: Callable[[], bool] = lambda: False
    on_progress: Callable[[int], None] = _silent
    _names: dict[int, Mapping[str, str]] = field(default_factory=dict, repr=False)
    _taught: Adjustment | None = field(default=None, repr=False)
    _topics: Topics | None = field(default=None, repr=False)
    _version: str = ""

    def run(
        self, *, tier: str, after: UUID = START, until: UUID | None = None, moments: Sequence[UUID] | None = None,
        is_old: bool = False,
    ) -> int:  # fmt: skip
        """Look at what waits; returns at how many texts. `is_old`: only where another model looked, or none."""
        if tier == STANDARD and not has_standard():
            tier = LIGHT
        self._learn()
        done = 0
        while not self.should_stop():
            found = self._waiting("old" if is_old else tier, after, moments, AT_ONCE[tier])
            found = [one for one in found if until is None or one.text_id < until]
            if not found:
                break
            rows = list(self._rows(found, tier))
            with entered(self.user, self.workspace, door=self.door) as actor:
                keep_recognised(actor=actor, rows=rows)
            after = found[-1].text_id
            done += len(found)
            self.on_progress(done)
        return done

    def _learn(self) -> None:
        """With what the company taught, its topics, and which model that makes."""
        with entered(self.user, self.workspace, door=self.door):
            self._taught, lessons = adjustment_in_use(), lessons_of_topics()
        self._topics = learned_topics(tuple(lessons)) if lessons else None
        self._version = version_with(base().version, self._taught, self._topics)

    def _waiting(self, want: str, after: UUID, moments: Sequence[UUID] | None, limit: int) -> list[Waiting]:
        with entered(self.user, self.workspace, door=self.door):
            found = waiting_texts(version=self._version, want=want, after=after, moments=moments, limit=limit)
            for circle in {one.circle_id for one in found} - self._names.keys():
                self._names[circle] = named(known_names(circle))
        return found

    def _rows(self, found: Sequence[Waiting], tier: str) -> Iterator[dict[str, Any]]:
        """Texts of one circle are looked at together, with the names that everybody knows who is in it."""
        for circle, group in groupby(sorted(found, key=lambda one: one.circle_id), key=lambda one: one.circle_id):
            texts = list(group)
            incoming, names = [incoming_of(one) for one in texts], self._names[circle]
            answers = recognise(incoming, tier=tier, known=names, adjustment=self._taught, topics=self._topics)
            yield from (row_of(one, answer) for one, answer in zip(texts, answers, strict=True))


def named(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Names as recognition compares them, and of what kind each is."""
    return {" ".join(folded(word.text) for word in words_of(name)): kind for kind, name in names if name.strip()}
