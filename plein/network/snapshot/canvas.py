# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties of any kind from a snapshot, by number; for whom it does not answer, from the database."""

from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network.queries import tying
from plein.network.queries.numbering import Floats, Halves, Numbers, ranks_of
from plein.network.queries.seeing import Lens
from plein.network.queries.tying import Ties
from plein.network.snapshot.graph import GROUND, LASTING, mask_of
from plein.network.snapshot.walking import Fars, Kinds, Walk, ties_between, ties_to
from plein.network.strength import costs_of


class TiesOfSnapshot:
    """The same as `tying.TiesOfDatabase`, of ties of today."""

    def __init__(self, way: Walk, lens: Lens) -> None:
        self.walk, self.lens = way, lens
        self.mask = mask_of(lens.grounds) if lens.grounds else None

    def one(self, id: UUID) -> Numbers:
        """The number of one."""
        return np.array([self.walk.number(id)])

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these."""
        return self.walk.numbers(ids)

    def ids(self, numbers: Numbers) -> Halves:
        """The ids of these numbers."""
        return self.walk.ids(numbers)

    def ties(self, numbers: Numbers) -> Ties:
        """The strongest ties of these."""
        known, asked = self._parted(numbers)
        told = self._ties(numbers, known)
        if asked is not None:
            found = tying.ties(self.walk.ids(numbers[asked]), self.walk.moment, self.lens)
            told = told.beside(found.at(asked[found.place], self.walk.numbers(found.far)))
        return told

    def among(self, told: Numbers, looking: Numbers) -> Ties:
        """The ties that some of those told have with any of them, each once; from and to which place."""
        near = told[looking]
        known, asked = self._parted(near)
        slot, met = self.walk.graph.scratch.slot, self.walk.graph.scratch.met
        slot[told] = np.arange(len(told), dtype=np.int32)
        met[told] = True

        try:
            place, ends, weights, kinds = self._gathered(near, known, met)
        finally:
            met[told] = False
        begin, end = looking[place], slot[ends]
        once = tying.each_once(begin, end, looking, len(told))
        found = self._costed(place[once], ends[once], weights[once], kinds[once]).at(begin[once], end[once])
        if asked is not None:
            who, theirs = tying.among(self.walk.ids(near[asked]), self.walk.ids(told), self.walk.moment, self.lens)
            theirs = theirs.at(slot[self.walk.numbers(who)], slot[self.walk.numbers(theirs.far)])
            found = found.beside(theirs.only(tying.each_once(theirs.place, theirs.far, looking, len(told))))
        return found

    def same(self, numbers: Numbers) -> NDArray[np.integer]:
        """For each of these the place of one that is the same, and the same place for all that are."""
        slot = self.walk.graph.scratch.slot
        places = numbers.astype(np.int64, copy=False)
        slot[places] = np.arange(len(numbers), dtype=np.int32)
        found: NDArray[np.integer] = slot[places]
        return found

    def are_among(self, numbers: Numbers, others: Numbers) -> NDArray[np.bool]:
        """Which of these are among the others."""
        met = self.walk.graph.scratch.met
        met[others] = True
        found: NDArray[np.bool] = met[numbers]
        met[others] = False
        return found

    def _parted(self, numbers: Numbers) -> tuple[Numbers, Numbers] | tuple[None, None]:
        """The places of those for whom the snapshot answers, and of those for whom the database does; None: for all."""
        is_known = self.walk.is_known(numbers)
        return (None, None) if is_known is None else (np.flatnonzero(is_known), np.flatnonzero(~is_known))

    def _ties(self, numbers: Numbers, known: Numbers | None) -> Ties:
        place, far, weight, kind = self._gathered(numbers, known)
        kept = self._strongest(place, far, weight, kind)
        if kept is not None:
            place, far, weight, kind = place[kept], far[kept], weight[kept], kind[kept]
        return self._costed(place, far, weight, kind)

    def _gathered(
        self, numbers: Numbers, known: Numbers | None, to: NDArray[np.bool] | None = None
    ) -> tuple[Numbers, Fars, Floats, Kinds]:
        """All ties of some, by their places; those to some only, if that is said."""
        graph, hidden = self.walk.graph, self.walk.sight.hidden
        near = numbers if known is None else numbers[known]
        if len(near) == len(numbers) == 1 and hidden is None and self.mask is None and to is None:
            where = slice(*graph.starts[near[0] : near[0] + 2].tolist())
            return (
                np.zeros(where.stop - where.start, np.int64),
                graph.far[where],
                graph.weight[where],
                graph.kind[where],
            )
        begin, end, sides = graph.starts[near], graph.starts[near + 1], (graph.far, graph.weight, graph.kind)
        if to is None:
            place, tie = ties_between(begin, end)
        else:
            place, tie = ties_to(to, graph.far, begin, end)
        told = [self._chosen(place if known is None else known[place], tie, sides)]
        if hidden is not None:
            at = np.minimum(np.searchsorted(hidden.near, near), len(hidden.near) - 1)
            which = np.flatnonzero(hidden.near[at] == near)
            if len(which):
                first, last = hidden.starts[at[which]], hidden.starts[at[which] + 1]
                place, tie = ties_between(first, last) if to is None else ties_to(to, hidden.far, first, last)
                sides = (hidden.far, hidden.weight, hidden.kind)
                places = which[place] if known is None else known[which[place]]
                told.append(self._chosen(places, tie, sides))
        if len(told) == 1:
            return told[0]
        place, far, weight, kind = (np.concatenate(each) for each in zip(*told, strict=True))
        return place, far, weight, kind

    def _chosen(
        self, place: Numbers, tie: Numbers, sides: tuple[Fars, Floats, Kinds]
    ) -> tuple[Numbers, Fars, Floats, Kinds]:
        """Those of some ties that the lens lets through."""
        far, weight, kind = sides
        kinds = kind.take(tie)
        if self.mask is not None:
            kept = self.mask[kinds & GROUND].nonzero()[0]
            place, tie, kinds = place[kept], tie[kept], kinds[kept]
        return place, far.take(tie).astype(np.int64), weight.take(tie), kinds

    def _strongest(self, place: Numbers, far: Fars, weight: Floats, kind: Kinds) -> Numbers | None:
        """Of whoever has more ties than are followed the strongest; None when nobody has."""
        most = tying.WIDEST
        if len(place) <= most:
            return None
        classes = 2 * place + ((kind & LASTING) > 0)
        wide = np.flatnonzero(np.bincount(classes) > most)
        if not len(wide):
            return None
        kept = np.ones(len(place), bool)
        for one in wide.tolist():
            rows = np.flatnonzero(classes == one)
            theirs = weight[rows]
            least = np.partition(theirs, len(rows) - most)[len(rows) - most]
            kept[rows[theirs < least]] = False
            # Of as strong ones those whose ids come first.
            equal = rows[theirs == least]
            room = most - int((theirs > least).sum())
            if len(equal) > room:
                ids = self.walk.ids(far[equal])
                kept[equal[np.lexsort(ranks_of(ids))[room:]]] = False
        return np.flatnonzero(kept)

    def _costed(self, place: Numbers, far: Fars, weight: Floats, kind: Kinds) -> Ties:
        cost = costs_of(weight, (kind & LASTING) > 0, fading=self.walk.moment.fading)
        is_over = np.zeros(len(place), bool)
        return Ties(place, far, cost, kind & GROUND, self.walk.graph.person.take(far), is_over)
