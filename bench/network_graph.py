# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network of any size, the same for the same seed: employers, teams, friends, families, and a few who know everybody.

Employers follow Zipf's law, teams and friends are clustered, business contact goes by popularity: a power law, half of
it within the industry. Ids carry no locality, which is the worst case for the database.
"""

import math
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from uuid import UUID

CONTACT, COLLEAGUE, MEMBER, FAMILY, FRIEND, REFERRED, KNOWS, SUPPLIER = 0, 1, 2, 10, 11, 13, 15, 20
LASTING = {COLLEAGUE: 0.3, MEMBER: 0.5, FAMILY: 0.7, FRIEND: 0.6, REFERRED: 0.4, KNOWS: 0.4, SUPPLIER: 0.3}
HALF_LIFE, HIDDEN, UNWILLING, ENDED = 180.0, 0.03, 0.06, 0.12

type Tie = tuple[int, int, int]


class Graph:
    """People first, then organizations; `employer` is of each person."""

    def __init__(self, nodes: int, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  # the same for the same seed
        self.organizations = max(5, nodes * 3 // 100)
        self.people = nodes - self.organizations
        zipf = list(accumulate((rank + 1) ** -0.8 for rank in range(self.organizations)))
        self.employer = [bisect(zipf, self.random.random() * zipf[-1]) for _person in range(self.people)]
        self.ids = [UUID(int=self.random.getrandbits(128), version=4) for _node in range(nodes)]
        self.unwilling = [self.random.random() < UNWILLING for _node in range(nodes)]

    def ties(self) -> set[Tie]:
        """All ties, each once: who, to whom, on which ground."""
        found: set[Tie] = set()
        for one, other, ground in self._drawn():
            if one != other:
                found.add((min(one, other), max(one, other), ground))
        return found

    def _drawn(self) -> Iterator[Tie]:
        people = range(self.people)
        for person in people:
            yield person, self.people + self.employer[person], MEMBER
        yield from self._within(
            sorted(people, key=lambda one: (self.employer[one], one)), self.employer, 3, 9, COLLEAGUE
        )
        for size, each, window, ground in ((4, 0.5, 3, FAMILY), (200, 1, 12, FRIEND)):
            order = list(people)
            self.random.shuffle(order)
            group = [0] * self.people
            for place, person in enumerate(order):
                group[person] = place // size
            yield from self._within(order, group, each, window, ground)
        yield from self._business()
        for _number in range(self.people // 10):
            one, other = (self.people + self.random.randrange(self.organizations) for _end in "ab")
            yield one, other, SUPPLIER

    def _within(self, order: list[int], group: list[int], each: float, window: int, ground: int) -> Iterator[Tie]:
        """Ties to those nearby in the same group."""
        for place, person in enumerate(order):
            for _number in range(math.ceil(each)):
                other = order[(place + self.random.randint(1, window)) % len(order)]
                if group[other] == group[person] and self.random.random() < each:
                    yield person, other, ground

    def _business(self) -> Iterator[Tie]:
        fit = [(rank + 8) ** -0.6 for rank in range(self.people)]
        self.random.shuffle(fit)
        anywhere = list(accumulate(fit))
        industries: dict[int, list[int]] = {}
        for person in range(self.people):
            industries.setdefault(self.employer[person] % max(3, self.organizations // 150), []).append(person)
        inside = {industry: list(accumulate(fit[one] for one in them)) for industry, them in industries.items()}
        grounds = ((CONTACT, 4.5), (KNOWS, 0.2), (REFERRED, 0.1))
        for ground, each in grounds:
            for number in range(int(each * self.people)):
                person = self.random.randrange(self.people)
                if number % 2:
                    industry = self.employer[person] % max(3, self.organizations // 150)
                    sums, them = inside[industry], industries[industry]
                    other = them[min(bisect(sums, self.random.random() * sums[-1]), len(them) - 1)]
                else:
                    other = min(bisect(anywhere, self.random.random() * anywhere[-1]), self.people - 1)
                yield person, other, ground

    def halves(self, workspace: int, everyone: int, hidden: int, behind: float) -> Iterator[tuple[object, ...]]:
        """Rows of both directions; `behind` says by which logarithm a weight at the landmark has faded."""
        for one, other, ground in sorted(self.ties()):
            circle = hidden if self.random.random() < HIDDEN else everyone
            age = min(self.random.expovariate(1 / 350), 3650)
            weight = LASTING.get(ground) or (
                math.log(math.exp(self.random.gauss(-0.4, 0.8))) + behind - math.log(2) * age / HALF_LIFE
            )
            ended = "2020-01-01" if ground in (COLLEAGUE, MEMBER) and self.random.random() < ENDED else None
            for near, far in ((one, other), (other, one)):
                is_person = far < self.people
                asked = "infinity" if is_person and not self.unwilling[far] else "-infinity"
                yield (
                    workspace, circle, self.ids[near], self.ids[far], ground, ground != CONTACT, weight, None, ended,
                    ground != FAMILY, is_person, asked, True,
                )  # fmt: skip
