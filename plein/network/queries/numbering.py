# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers for the ids that a search meets, so that thousands of ties are compared at once and not one by one."""

from collections.abc import Callable, Iterable
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

#: Ids, each as two halves of eight bytes.
type Halves = NDArray[np.uint64]
type Numbers = NDArray[np.int64]
type Floats = NDArray[np.float64]

#: An odd number that mixes the halves of an id into one.
MIX = np.uint64(0x9E3779B97F4A7C15)
_NO_IDS: Halves = np.empty((0, 2), np.uint64)
_NO_KEYS: NDArray[np.uint64] = np.empty(0, np.uint64)
_NO_PLACES: Numbers = np.empty(0, np.int64)


def halves_of(ids: Iterable[str]) -> Halves:
    """Ids that are text, as halves."""
    letters = "".join(ids).replace("-", "")
    return np.frombuffer(bytes.fromhex(letters), np.uint64).reshape(-1, 2)


def hex_of(ids: Halves) -> list[str]:
    """Ids as the database reads them: 32 letters each."""
    letters = ids.tobytes().hex()
    return [letters[place : place + 32] for place in range(0, len(letters), 32)]


def keys_of(ids: Halves, mix: np.uint64 = MIX) -> NDArray[np.uint64]:
    """Ids as one number each. Two may have the same one, however unlikely: who uses them compares the ids too."""
    keys: NDArray[np.uint64] = ids[:, 1] + ids[:, 0] * mix
    return keys


def texts_of(ids: Halves) -> tuple[str, ...]:
    """Ids as text."""
    return tuple(f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in hex_of(ids))


def uuids_of(ids: Halves) -> tuple[UUID, ...]:
    """Ids as everybody else has them."""
    return tuple(map(UUID, hex_of(ids)))


def nearest(ids: Callable[[Numbers], Halves], costs: Floats, most: int) -> tuple[Numbers, Halves]:
    """The places of the lowest costs, the lowest first, and whose they are; equal ones in the order of their ids."""
    places = np.arange(len(costs))
    if len(costs) > most > 0:
        places = np.flatnonzero(costs <= np.partition(costs, most - 1)[most - 1])
    theirs = costs[places]
    order = theirs.argsort(kind="stable")
    inner = theirs[order]
    is_next = inner[1:] == inner[:-1]
    if is_next.any():
        is_equal = np.zeros(len(order), bool)
        is_equal[1:] = is_next
        is_equal[:-1] |= is_next
        equal = is_equal.nonzero()[0]
        some = order[equal]
        order[equal] = some[np.lexsort((*ranks_of(ids(places[some])), theirs[some]))]
    found = places[order[:most]]
    return found, ids(found)


def ranks_of(ids: Halves) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """By what ids are sorted as text: the second half of each, and before that the first."""
    return ids[:, 1].byteswap(), ids[:, 0].byteswap()


class Numbering:
    """Gives each id a number, from 0 in the order in which they are first met."""

    def __init__(self) -> None:
        self.ids, self._keys, self._places = _NO_IDS, _NO_KEYS, _NO_PLACES
        self._mix = MIX

    def __len__(self) -> int:
        return len(self.ids)

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these; who is new gets one."""
        keys, first, inverse = np.unique(self._mixed(ids), return_index=True, return_inverse=True)
        found = np.searchsorted(self._keys, keys)
        is_known = np.zeros(len(keys), bool)
        inside = found < len(self._keys)
        is_known[inside] = self._keys[found[inside]] == keys[inside]
        numbers = np.empty(len(keys), np.int64)
        numbers[is_known] = self._places[found[is_known]]
        fresh = np.flatnonzero(~is_known)
        numbers[fresh[np.argsort(first[fresh])]] = np.arange(len(self), len(self) + len(fresh))
        told = numbers[inverse]
        met = np.concatenate((self.ids, ids[np.sort(first[fresh])]))
        if (met[told] != ids).any():
            # Two ids are mixed into the same key: mix otherwise.
            self._mix = self._mix * MIX | np.uint64(1)
            return self._anew(ids)
        self.ids = met
        self._keys = np.insert(self._keys, found[fresh], keys[fresh])
        self._places = np.insert(self._places, found[fresh], numbers[fresh])
        return told

    def _mixed(self, ids: Halves) -> NDArray[np.uint64]:
        return keys_of(ids, self._mix)

    def _anew(self, ids: Halves) -> Numbers:
        known, self.ids = self.ids, self.ids[:0]
        self._keys, self._places = self._keys[:0], self._places[:0]
        self.numbers(known)
        return self.numbers(ids)

    def texts(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The ids of these numbers, as text."""
        return texts_of(self.ids[list(numbers)])
