# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network of any size, the same for the same seed: employers, teams, friends, families, and a few who know everybody.

Employers follow Zipf's law, teams and friends are clustered, business contact goes by popularity: a power law, half of
it within the industry. Ids carry no locality, which is the worst case for the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

CONTACT, COLLEAGUE, MEMBER, FAMILY, FRIEND, REFERRED, KNOWS, SUPPLIER = 0, 1, 2, 10, 11, 13, 15, 20
LASTING = {COLLEAGUE: 0.3, MEMBER: 0.5, FAMILY: 0.7, FRIEND: 0.6, REFERRED: 0.4, KNOWS: 0.4, SUPPLIER: 0.3}
HALF_LIFE, HIDDEN, UNWILLING, ENDED = 180.0, 0.03, 0.06, 0.12
#: Days since 2000 and microseconds since then, as the database sends them.
LONG_AGO, NEVER, ALWAYS = 7305, -(2**63), 2**63 - 1
AT_ONCE = 500_000
#: The columns of a half, in the order in which they are sent, with their types; each has its length before it.
SENT = (
    ("workspace_id", ">i4"), ("circle_id", ">i4"), ("near_id", "V16"), ("far_id", "V16"), ("ground", ">i2"),
    ("is_lasting", "u1"), ("weight", ">f8"), ("is_shared", "u1"), ("to_person", "u1"), ("asked_until", ">i8"),
    ("is_used", "u1"), ("ends_on", ">i4"),
)  # fmt: skip

type Numbers = Any


@dataclass(frozen=True, slots=True)
class Ties:
    """All ties, each once: between whom, on which ground, and what is to be known of them."""

    one: Numbers
    other: Numbers
    ground: Numbers
    weight: Numbers
    is_hidden: Numbers
    is_ended: Numbers


class Graph:
    """People first, then organizations; `employer` is of each person."""

    def __init__(self, nodes: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.nodes = nodes
        self.organizations = max(5, nodes * 3 // 100)
        self.people = nodes - self.organizations
        fame = (np.arange(self.organizations) + 1.0) ** -0.8
        self.employer = self.random.choice(self.organizations, self.people, p=fame / fame.sum())
        letters = self.random.integers(0, 256, (nodes, 16), dtype=np.uint8)
        letters[:, 6] = letters[:, 6] & 0x0F | 0x40
        letters[:, 8] = letters[:, 8] & 0x3F | 0x80
        self.letters = letters
        self.unwilling = self.random.random(nodes) < UNWILLING

    def id(self, node: int) -> UUID:
        """The id of a node."""
        return UUID(bytes=self.letters[node].tobytes())

    def ties(self, behind: float) -> Ties:
        """All ties; `behind` says by which logarithm a weight at the landmark has faded."""
        drawn = [(one, other, ground) for one, other, ground in self._drawn() if len(one)]
        one = np.concatenate([each[0] for each in drawn])
        other = np.concatenate([each[1] for each in drawn])
        ground = np.concatenate([np.full(len(each[0]), each[2], np.int64) for each in drawn])
        low, high = np.minimum(one, other), np.maximum(one, other)
        key = np.unique(((low * self.nodes + high) * 32 + ground)[low != high])
        pair, ground = key // 32, key % 32
        low, high, count = pair // self.nodes, pair % self.nodes, len(key)
        age = np.minimum(self.random.exponential(350, count), 3650)
        weight = self.random.normal(-0.4, 0.8, count) + behind - np.log(2) * age / HALF_LIFE
        for lasting, strength in LASTING.items():
            weight[ground == lasting] = strength
        is_hidden = self.random.random(count) < HIDDEN
        is_ended = np.isin(ground, (COLLEAGUE, MEMBER)) & (self.random.random(count) < ENDED)
        return Ties(low, high, ground, weight, is_hidden, is_ended)

    def _drawn(self) -> Iterator[tuple[Numbers, Numbers, int]]:
        people, random = np.arange(self.people), self.random
        yield people, self.people + self.employer, MEMBER
        for group, each, window, share, ground in (
            (self.employer, 3, 9, 1.0, COLLEAGUE),
            (random.permutation(self.people) // 4, 1, 3, 0.5, FAMILY),
            (random.permutation(self.people) // 200, 1, 12, 1.0, FRIEND),
        ):
            for _number in range(each):
                one, other = self._within(group, window)
                kept = random.random(len(one)) < share
                yield one[kept], other[kept], ground
        yield from self._business()
        firms = self.people + random.integers(0, self.organizations, (2, self.people // 10))
        yield firms[0], firms[1], SUPPLIER

    def _within(self, group: Numbers, window: int) -> tuple[Numbers, Numbers]:
        """Each with somebody nearby in the same group."""
        order = np.argsort(group, kind="stable")
        other = (np.arange(self.people) + self.random.integers(1, window + 1, self.people)) % self.people
        kept = group[order] == group[order[other]]
        return order[kept], order[other[kept]]

    def _business(self) -> Iterator[tuple[Numbers, Numbers, int]]:
        random = self.random
        fit = random.permutation((np.arange(self.people) + 8.0) ** -0.6)
        anywhere = np.cumsum(fit)
        industry = self.employer % max(3, self.organizations // 150)
        order = np.argsort(industry, kind="stable")
        inside = np.cumsum(fit[order])
        first = np.searchsorted(industry[order], np.arange(industry.max() + 2))
        sums = np.concatenate(([0.0], inside))
        for ground, each in ((CONTACT, 4.5), (KNOWS, 0.2), (REFERRED, 0.1)):
            count = int(each * self.people) // 2
            yield random.integers(0, self.people, count), self._drawn_by(anywhere, random.random(count)), ground
            one = random.integers(0, self.people, count)
            low, high = sums[first[industry[one]]], sums[first[industry[one] + 1]]
            place = np.searchsorted(inside, low + random.random(count) * (high - low))
            yield one, order[np.clip(place, 0, self.people - 1)], ground

    def _drawn_by(self, sums: Numbers, luck: Numbers) -> Numbers:
        return np.minimum(np.searchsorted(sums, luck * sums[-1]), self.people - 1)

    def sent(
        self, ties: Ties, workspace: int, everyone: int, hidden: int, *, is_ended: bool
    ) -> tuple[tuple[str, ...], Iterator[bytes]]:
        """The columns and, as PostgreSQL reads them, the rows of both directions of the ties that ended or did not."""
        names = tuple(name for name, _type in SENT if is_ended or name != "ends_on")
        return names, self._rows(ties, names, (workspace, everyone, hidden), np.flatnonzero(ties.is_ended == is_ended))

    def _rows(self, ties: Ties, names: tuple[str, ...], where: tuple[int, int, int], kept: Numbers) -> Iterator[bytes]:
        workspace, everyone, hidden = where
        types = [(name, kind) for name, kind in SENT if name in names]
        row = np.dtype([("fields", ">i2"), *((f"{part}{name}", ">i4" if part else kind)
                                             for name, kind in types for part in ("length_", ""))])  # fmt: skip
        yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
        for start in range(0, len(kept), AT_ONCE):
            some = kept[start : start + AT_ONCE]
            rows = np.zeros(2 * len(some), row)
            rows["fields"] = len(types)
            for name, kind in types:
                rows[f"length_{name}"] = np.dtype(kind).itemsize
            near = np.concatenate((ties.one[some], ties.other[some]))
            far = np.concatenate((ties.other[some], ties.one[some]))
            both = np.concatenate((some, some))
            values = {
                "workspace_id": workspace,
                "circle_id": np.where(ties.is_hidden[both], hidden, everyone),
                "near_id": self.letters[near].view("V16")[:, 0],
                "far_id": self.letters[far].view("V16")[:, 0],
                "ground": ties.ground[both],
                "is_lasting": ties.ground[both] != CONTACT,
                "weight": ties.weight[both],
                "is_shared": ties.ground[both] != FAMILY,
                "to_person": far < self.people,
                "asked_until": np.where((far < self.people) & ~self.unwilling[far], ALWAYS, NEVER),
                "is_used": True,
                "ends_on": LONG_AGO,
            }
            for name, _kind in types:
                rows[name] = values[name]
            yield rows.tobytes()
        yield b"\xff\xff"
