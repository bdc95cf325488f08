# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding numbers by id among a million of them."""

import numpy as np
from numpy.typing import NDArray

from plein.network.queries.numbering import MIX, Halves, Numbers, keys_of

type Keys = NDArray[np.uint64]
#: Of fewer than this a search by halves is quicker than a table.
FEW = 64


def table_of(keys: Keys) -> NDArray[np.int32]:
    """For the first bits of a key: the place of the first of the ordered keys that begins with them."""
    bits = max(len(keys) - 1, 1).bit_length()
    firsts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    return np.searchsorted(keys, firsts).astype(np.int32)


def numbers_of(wanted: Halves, ids: Halves, keys: Keys, table: NDArray[np.int32]) -> Numbers:
    """The place of each of these among the ids, which stand in the order of their keys, or -1."""
    if not len(ids):
        return np.full(len(wanted), -1)
    if len(wanted) == 1:
        return np.array([_number_of(wanted[0], ids, keys)], np.int64)
    theirs = keys_of(wanted)
    last = len(keys) - 1
    if len(wanted) < FEW:
        place = np.minimum(keys.searchsorted(theirs), last)
    else:
        shift = np.uint64(64 - (len(table) - 1).bit_length())
        place = np.minimum(table[(theirs >> shift).astype(np.int64)], last).astype(np.int64)
        behind = np.flatnonzero(keys[place] < theirs)
        while len(behind):
            place[behind] += 1
            behind = behind[(place[behind] < last) & (keys[np.minimum(place[behind], last)] < theirs[behind])]
        place = np.minimum(place, last)
    # Where key and first half are the same, so is the second half: it is what the key has beside the first.
    found: Numbers = np.where((keys[place] == theirs) & (ids[place, 0] == wanted[:, 0]), place, -1)
    return found


def _number_of(wanted: NDArray[np.uint64], ids: Halves, keys: Keys) -> int:
    """The place of one id, or -1."""
    first, second = wanted.tolist()
    key = (second + first * int(MIX)) % 2**64
    place = int(keys.searchsorted(np.uint64(key)))
    return place if place < len(keys) and keys[place] == key and ids[place, 0] == first else -1
