# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network answers is what walking every path gives, for each reader."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from plein.core.ids import now
from plein.core.operations import operation
from plein.network.models import Answer, Refusal
from plein.network.queries import degrees, ego, following, mutual
from plein.network.queries.following import Moment
from plein.network.queries.introducing import Search, paths, paths_and_unused
from plein.network.queries.introductions import ORDERS
from plein.network.queries.reluctance import reluctance_of
from plein.network.tests.acts import Company
from plein.network.tests.reference import Reference
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.circles import circle_of_team, everyone, only_me
from plein.trust.models import Seat, Team
from plein.trust.seats import Entrance, entered

NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
# At night each act is committed: what a long transaction changed again and again is looked through again and again.
pytestmark = pytest.mark.django_db(transaction=NIGHTLY)
#: So many companies one after the other in the same workspace, each of which makes the next test slower; a night begins
#: anew with each of `FIRSTS`.
ROUNDS, ACTS, LOOKS = (5, 200, 25) if NIGHTLY else (2, 80, 8)
FIRSTS = (0, 5, 10) if NIGHTLY else (0,)
TURNS = 4
LAST_DIGITS = 1e-9


def texts(ids: set[UUID]) -> frozenset[str]:
    return frozenset(map(str, ids))


@dataclass
class Score:
    """How many answers were compared, how many of them said anything, and how many were wrong."""

    asked: int = 0
    telling: int = 0
    wrong: int = 0

    def add_strengths(self, answer: Mapping[Any, float], expected: Mapping[Any, float]) -> None:
        """The same, of strengths: two ways to calculate differ in the last digits."""
        near = {
            one: expected[one] if abs(worth - expected.get(one, inf)) < LAST_DIGITS else worth
            for one, worth in answer.items()
        }
        self.add(near, expected)

    def add(self, answer: object, expected: object) -> None:
        self.asked += 1
        self.telling += bool(expected)
        self.wrong += answer != expected


def answered(actor: Entrance, random: Random) -> None:
    """People who were asked before: some would rather not, at all or about somebody, and one is the asker."""
    people = list(Relation.objects.filter(kind="person").order_by("id"))
    seats = [*Seat.objects.order_by("id").values_list("id", flat=True)]
    with operation("act"):
        Relation.objects.filter(seat_id=actor.seat_id).update(seat_id=None)
        Relation.objects.filter(id=random.choice(people).id).update(seat_id=actor.seat_id)
    for _number in range(40):
        one, other = random.choice(people), random.choice(people)
        at = now() - timedelta(days=random.choice([1, 40, 90, 300, 500]))
        Answer.objects.create(person=one, seat_id=random.choice(seats), is_yes=random.random() < 0.3, at=at)
        until = random.choice([None, at, now() + timedelta(days=9)])
        Refusal.objects.create(person=one, target=other, seat_id=random.choice([None, *seats]), until=until)


def along(search: Search, path: tuple[str, ...]) -> Search:
    """The same search through nobody but these."""
    begin, between, end = (frozenset(each) for each in (path[:1], path[1:-1], path[-1:]))
    return replace(search, sources=begin, targets=end, through=between, longest=len(path) - 1, most=ORDERS)


def compare(reference: Reference, random: Random, score: Score) -> None:
    """Ask about a few people at random."""
    moment = Moment(reference.at, reference.today)
    people = sorted(Relation.objects.filter(kind="person").values_list("id", flat=True))
    sources = set(random.sample(people, random.choice([1, 1, 3])))
    targets = set(random.sample(people, random.choice([1, 1, 4]))) - sources
    everybody = random.random() < 0.3
    reluctance = reluctance_of(texts(targets), moment, reference.seat)
    search = Search(texts(sources), texts(targets), moment, everybody=everybody, reluctance=reluctance)
    expected_paths = reference.paths(sources, targets, everybody=everybody)
    score.add(paths(search), expected_paths)
    for found in expected_paths:
        score.add(found in paths(along(search, found[1])), True)
    if not everybody and random.random() < 0.3:
        wider = reference.paths(sources, targets, everybody=True)
        unused = len({path for _cost, path in wider} - {path for _cost, path in expected_paths})
        score.add(paths_and_unused(search), (expected_paths, unused))
    one, other = random.sample(people, 2)
    expected = reference.degrees(one)
    score.add([set(each.ids) for each in degrees(one, with_last=True)], expected)
    score.add([each.count for each in degrees(one)], [len(each) for each in expected])
    both = (set(reference.near(one)) & set(reference.near(other)) & reference.people) - {one, other}
    score.add(mutual(one, other), sorted(both))
    score.add_strengths(ego(one).closeness, reference.ego(one))


def companies(cast: Cast, first: int) -> Iterator[Random]:
    """Companies at random, one after the other, each with what made it."""
    for round in range(first, first + ROUNDS):
        random = Random(round)  # noqa: S311
        for turn in range(TURNS):
            with entered(cast.bob if turn % 2 else cast.alice) as actor:
                circles = [everyone(), everyone(), everyone(), only_me()]
                if turn % 2:
                    circles.append(circle_of_team(Team.objects.get()))
                company = Company(actor, random, tuple(circles))
                company.begin(people=(9, 5, 0, 0)[turn], organizations=(2, 1, 0, 0)[turn])
                for _number in range(ACTS // TURNS):
                    company.act(growing=0.85)
        yield random


def standing_still(patch: pytest.MonkeyPatch) -> datetime:
    """The moment of every question from now on: a minute later answers differ, when the half-life is ten days."""
    at = now()
    patch.setattr(following, "now", lambda: at)
    return at


@pytest.mark.parametrize("first", FIRSTS)
def test_every_answer_is_what_walking_every_path_gives(
    first: int, cast: Cast, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Score()
    for random in companies(cast, first):
        for user in (cast.alice, cast.bob):
            with entered(user) as actor:
                at = standing_still(monkeypatch)
                answered(actor, random)
                reference = Reference.seen(at, timezone.localtime(at).date(), actor.seat_id)
                for _number in range(LOOKS):
                    compare(reference, random, score)
                    assert not score.wrong, str(user)
    measured = f"{score.wrong} of {score.telling}"
    judge("network: differences from the reference", goal="0", measured=measured, is_good=not score.wrong)
    assert score.telling > score.asked / 2
