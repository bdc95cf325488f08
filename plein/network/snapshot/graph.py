# SPDX-License-Identifier: AGPL-3.0-or-later
"""A snapshot that is open: relations by number, and their ties one after another.

Only ties that everyone here sees are in it, so no reader may ever find in it what they may not see.
"""

import threading
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network import vocabulary
from plein.network.queries.numbering import Floats, Halves, Numbers
from plein.network.snapshot.files import Note, read
from plein.network.snapshot.places import Finding, numbers_of
from plein.network.vocabulary import ACQUAINTANCE, Ground

#: What is in the `kind` of a tie, beside its ground.
GROUND, SHARED, LASTING = np.uint8(31), np.uint8(vocabulary.SHARED), np.uint8(vocabulary.LASTING)
#: So many relations may turn up in one question that came after the snapshot was made.
SPARE = 65_536
#: Moments as PostgreSQL counts them: microseconds since 2000. These two are before and after all of them.
NEVER, ALWAYS = -(2**63), 2**63 - 1
#: No moment at all.
UNKNOWN = NEVER + 1
#: Whether somebody may be asked.
NO, YES, UNTIL = np.uint8(0), np.uint8(1), np.uint8(2)
IS_ACQUAINTANCE = np.zeros(32, bool)
IS_ACQUAINTANCE[[ground.value for ground in ACQUAINTANCE]] = True


def mask_of(grounds: tuple[Ground, ...]) -> NDArray[np.bool]:
    """Which grounds are among these."""
    mask = np.zeros(32, bool)
    mask[[ground.value for ground in grounds]] = True
    return mask


class Scratch(threading.local):
    """Memory of one thread that every question uses anew.

    Between questions `met` is all False, `label` all 0, and `slot` is anything. What was marked last is remembered:
    the same group is asked about again and again.
    """

    def __init__(self, size: int) -> None:
        self.met = np.zeros(size, bool)
        self._marked: NDArray[np.integer] = np.empty(0, np.int64)
        self._is_marked = np.zeros(size, bool)
        self.slot = np.zeros(size, np.int32)
        self.label = np.zeros(size, np.int32)

    def marks(self, numbers: NDArray[np.integer]) -> NDArray[np.bool]:
        """For every relation whether it is among these."""
        if numbers is not self._marked:
            self._is_marked[self._marked] = False
            self._is_marked[numbers] = True
            self._marked = numbers
        return self._is_marked


class Graph:
    """Ties of number `n` to people one knows are from `starts[n]` to `middles[n]`, all others up to `starts[n + 1]`.

    Up to `shared[n]` are those over which one may ask. `may` says whether somebody may be asked: no, yes, or up to a
    moment, which is in `asked`.
    """

    def __init__(self, name: str, note: Note, arrays: dict[str, NDArray[Any]]) -> None:
        self.name, self.note = name, note
        self.ids: Halves = arrays["ids"]
        self.keys: NDArray[np.uint64] = arrays["keys"]
        self.table: NDArray[np.int32] = arrays["table"]
        self.starts: NDArray[np.int32] = arrays["starts"]
        self.shared: NDArray[np.int32] = arrays["shared"]
        self.middles: NDArray[np.int32] = arrays["middles"]
        self.far: NDArray[np.int32] = arrays["far"]
        self.weight: Floats = arrays["weight"]
        self.kind: NDArray[np.uint8] = arrays["kind"]
        self.may: NDArray[np.uint8] = arrays["may"]
        self.asked: Numbers = arrays["asked"]
        self.person: NDArray[np.bool] = arrays["person"]
        self.unsure: NDArray[np.bool] = arrays["unsure"]
        self.begun, self.done, self.first_day = note.begun, note.done, note.first_day
        self._finding = Finding(self.ids, self.keys, self.table)
        self.scratch = Scratch(len(self.ids) + SPARE)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def opened(cls, workspace: int, name: str) -> "Graph":
        """A snapshot by its name; raises NotThere."""
        return cls(name, *read(workspace, name))

    def is_askable(self, numbers: NDArray[np.integer], at: int) -> NDArray[np.bool]:
        """Whether each of these may be asked at a moment."""
        may = self.may[numbers]
        told: NDArray[np.bool] = may == YES
        until = np.flatnonzero(may > YES)
        if len(until):
            told[until] = self.asked[numbers[until]] > at
        return told

    def number(self, id: UUID) -> int:
        """The number of one, or -1."""
        return self._finding.number(id)

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these, or -1."""
        return numbers_of(ids, self.ids, self.keys, self.table)
