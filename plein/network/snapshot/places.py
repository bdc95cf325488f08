# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding numbers by id among a million of them."""

from struct import Struct
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network.queries.numbering import MIX, Halves, Numbers, keys_of

type Keys = NDArray[np.uint64]
#: Of fewer than this a search by halves is quicker than a table.
FEW = 64
_HALVES = Struct("<QQ")
_BITS = 64
_MIX, _ALL = int(MIX), 2**_BITS - 1


def table_of(keys: Keys) -> NDArray[np.int32]:
    """For the first bits of a key: the place of the first of the ordered keys that begins with them."""
    bits = max(len(keys) - 1, 1).bit_length()
    firsts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(_BITS - bits)
    return np.searchsorted(keys, firsts).astype(np.int32)


def numbers_of(wanted: Halves, ids: Halves, keys: Keys, table: NDArray[np.int32]) -> Numbers:
    """The place of each of these among the ids, which stand in the order of their keys, or -1."""
    if not len(ids):
        return np.full(len(wanted), -1)
    theirs = keys_of(wanted)
    last = len(keys) - 1
    if len(wanted) < FEW:
        place = np.minimum(keys.searchsorted(theirs), last)
    else:
        shift = np.uint64(_BITS - (len(table) - 1).bit_length())
        place = np.minimum(table[(theirs >> shift).astype(np.int64)], last).astype(np.int64)
        behind = np.flatnonzero(keys[place] < theirs)
        while len(behind):
            place[behind] += 1
            behind = behind[(place[behind] < last) & (keys[np.minimum(place[behind], last)] < theirs[behind])]
        place = np.minimum(place, last)
    # Where key and first half are the same, so is the second half: it is what the key has beside the first.
    found: Numbers = np.where((keys[place] == theirs) & (ids[place, 0] == wanted[:, 0]), place, -1)
    return found


class Finding:
    """The same for one at a time, which a call of NumPy for each step would take ten times as long."""

    def __init__(self, ids: Halves, keys: Keys, table: NDArray[np.int32]) -> None:
        self._firsts, self._keys, self._table = memoryview(ids[:, 0]), memoryview(keys), memoryview(table)
        self._shift = _BITS - (len(table) - 1).bit_length()

    def number(self, id: UUID) -> int:
        """The place of one id, or -1."""
        first, second = _HALVES.unpack(id.bytes)
        key = (second + first * _MIX) & _ALL
        keys = self._keys
        if not len(keys):
            return -1
        place, last = self._table[key >> self._shift], len(keys) - 1
        while place < last and keys[place] < key:
            place += 1
        return place if place <= last and keys[place] == key and self._firsts[place] == first else -1
