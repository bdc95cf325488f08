# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a search stands on: ties by number, as the database has them or as a snapshot does. Both say the same."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from plein.network.queries import stepping
from plein.network.queries.following import Moment, Way
from plein.network.queries.numbering import Floats, Halves, Numbering, Numbers, halves_of, texts_of
from plein.network.queries.stepping import Ends, Steps
from plein.network.snapshot.walking import OutOfSight, Walk, walk


class Footing(Protocol):
    """Gives each relation that it meets a number, from 0 in the order in which they are met."""

    def __len__(self) -> int:
        """How many were met."""

    def begin(self, ours: frozenset[str], targets: frozenset[str]) -> None:
        """Meet ourselves first, then the targets, each in the order of their ids."""

    def numbers(self, ids: Iterable[str]) -> Numbers:
        """The number of each of these."""

    def steps(self, numbers: Numbers, way: Way, within: Floats | None = None, to: Ends | None = None) -> Steps:
        """The ties of these to people; those that cost no more than each is given with, if it is.

        With `to` only those to who stands at such an end are of use: others may be left out.
        """

    def reached(self, numbers: Numbers, way: Way) -> None:
        """Meet the people tied to these."""

    def ends(self, ours: int, together: int, way: Way) -> tuple[Ends, Steps]:
        """The ties of the first to others than themselves, in the order of the keys of these; and those of the next."""

    def are_at(self, ends: Ends, numbers: Numbers) -> NDArray[np.bool]:
        """Which of these stand at such an end."""

    def keys(self, numbers: Numbers) -> Numbers:
        """What `ends` has for the far sides."""

    def ids(self, numbers: Numbers) -> Halves:
        """The ids of these numbers."""

    def ids_of_keys(self, keys: Numbers) -> Halves:
        """The ids of far sides as `ends` has them."""

    def texts(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The ids of these numbers, as text."""

    def close(self) -> None:
        """Nothing more is asked."""


class OnDatabase:
    """Each step is a query."""

    def __init__(self, moment: Moment) -> None:
        self.moment, self.names = moment, Numbering()

    def __len__(self) -> int:
        return len(self.names)

    def begin(self, ours: frozenset[str], targets: frozenset[str]) -> None:
        self.numbers([*sorted(ours), *sorted(targets)])

    def numbers(self, ids: Iterable[str]) -> Numbers:
        return self.names.numbers(halves_of(ids))

    def steps(self, numbers: Numbers, way: Way, within: Floats | None = None, to: Ends | None = None) -> Steps:
        ids = self.names.ids[numbers]
        if within is None:
            found = stepping.steps(ids, self.moment, way)
        else:
            found = stepping.steps_within(ids, within, self.moment, way)
        return Steps(found.place, self.names.numbers(found.far), found.cost, found.is_askable)

    def reached(self, numbers: Numbers, way: Way) -> None:
        self.names.numbers(stepping.reached(self.names.ids[numbers], self.moment, way))

    def ends(self, ours: int, together: int, way: Way) -> tuple[Ends, Steps]:
        found = self.steps(np.arange(together), way)
        near = found.only((found.place < ours) & (found.far >= ours))
        return Ends.of(near), found.only(found.place >= ours)

    def are_at(self, ends: Ends, numbers: Numbers) -> NDArray[np.bool]:
        is_end = np.zeros(len(self), bool)
        is_end[ends.far] = True
        return is_end[numbers]

    def keys(self, numbers: Numbers) -> Numbers:
        return numbers

    def ids(self, numbers: Numbers) -> Halves:
        return self.names.ids[numbers]

    def ids_of_keys(self, keys: Numbers) -> Halves:
        return self.names.ids[keys]

    def texts(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return self.names.texts(numbers)

    def close(self) -> None:
        """Nothing to do."""


class OnSnapshot:
    """A step asks the database of those only whom the snapshot does not answer for."""

    def __init__(self, way: Walk) -> None:
        self.walk = way
        #: The number in the walk of each that was met, and the other way round, from 1: nobody was met before.
        self.met = np.empty(0, np.int64)
        self.label: NDArray[np.int32] = way.graph.scratch.label

    def __len__(self) -> int:
        return len(self.met)

    def begin(self, ours: frozenset[str], targets: frozenset[str]) -> None:
        self._met(self.walk.group(ours))
        self.numbers(sorted(targets))

    def numbers(self, ids: Iterable[str]) -> Numbers:
        wanted = halves_of(ids)
        return self._met(self.walk.numbers(wanted)) if len(wanted) else np.empty(0, np.int64)

    def steps(self, numbers: Numbers, way: Way, within: Floats | None = None, to: Ends | None = None) -> Steps:
        found = self.walk.steps(self.met[numbers], way, within, to)
        return Steps(found.place, self._met(found.far), found.cost, found.is_askable)

    def reached(self, numbers: Numbers, way: Way) -> None:
        self._met(self.walk.reached(self.met[numbers], way))

    def ends(self, ours: int, together: int, way: Way) -> tuple[Ends, Steps]:
        near = self.walk.near(self.met[:ours], way)
        found = self.steps(np.arange(ours, together), way)
        return near, Steps(found.place + ours, found.far, found.cost, found.is_askable)

    def are_at(self, ends: Ends, numbers: Numbers) -> NDArray[np.bool]:
        return self.walk.are_at(ends, self.met[numbers])

    def keys(self, numbers: Numbers) -> Numbers:
        return self.met[numbers]

    def ids(self, numbers: Numbers) -> Halves:
        return self.walk.ids(self.met[numbers])

    def ids_of_keys(self, keys: Numbers) -> Halves:
        return self.walk.ids(keys)

    def texts(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return texts_of(self.walk.ids(self.met[list(numbers)]))

    def close(self) -> None:
        self.label[self.met] = 0

    def _met(self, those: NDArray[np.integer]) -> Numbers:
        told = self.label[those]
        fresh = those[told == 0]
        if len(fresh):
            once = self.walk.each_once(fresh)
            self.label[once] = np.arange(len(self.met) + 1, len(self.met) + len(once) + 1, dtype=np.int32)
            self.met = np.concatenate((self.met, once))
            told = self.label[those]
        numbers: Numbers = told.astype(np.int64) - 1
        return numbers


def answered[Answer](moment: Moment, look: Callable[[Footing], Answer]) -> Answer:
    """What a look finds, on a snapshot where there is one, and otherwise on the database."""
    if way := walk(moment):
        footing = OnSnapshot(way)
        try:
            with suppress(OutOfSight):
                return look(footing)
        finally:
            footing.close()
    return look(OnDatabase(moment))
