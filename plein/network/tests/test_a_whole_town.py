# SPDX-License-Identifier: AGPL-3.0-or-later
"""In a network of two thousand, with hidden and ended ties, memberships by period, people who may not be asked or would
rather not, every answer is what an exhaustive look gives. A village per commit, the town at night."""

import time
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from plein.core.operations import operation
from plein.network.queries import degrees, differences, ego, mutual, reach
from plein.network.queries.both import shared
from plein.network.queries.following import Moment
from plein.network.queries.introducing import Search, paths, paths_and_unused
from plein.network.queries.reluctance import reluctance_of
from plein.network.tests.reference import Reference
from plein.network.tests.test_answers import LAST_DIGITS, NIGHTLY, Score, standing_still, texts
from plein.network.tests.town import Town
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.circles import circle_for, only_me
from plein.trust.models import Seat
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
SIZE, LOOKS = (2000, 40) if NIGHTLY else (90, 4)
#: How many minutes it may take on one core.
GOAL = 20
#: So many are in a picture at most.
SHOWN = 300


def compare(reference: Reference, random: Random, score: Score) -> None:
    """Ask about a few people at random."""
    moment, people = Moment(reference.at, reference.today), sorted(reference.people)
    sources = set(random.sample(people, random.choice([1, 1, 3])))
    targets = set(random.sample(people, random.choice([1, 1, 4]))) - sources
    reluctance = reluctance_of(texts(targets), moment, reference.seat)
    search = Search(texts(sources), texts(targets), moment, reluctance=reluctance)
    expected = reference.paths(sources, targets)
    score.add(paths(search), expected)
    wider = reference.paths(sources, targets, everybody=True)
    unused = len({path for _cost, path in wider} - {path for _cost, path in expected})
    score.add(paths_and_unused(search), (expected, unused))
    compare_degrees(reference, random.choice(people), score)
    compare_mutual(reference, random.sample(people, 2), score)
    compare_picture(reference, random.choice(people), score)


def compare_degrees(reference: Reference, one: UUID, score: Score) -> None:
    expected = reference.degrees(one)
    score.add([set(each.ids) for each in degrees(one, with_last=True)], expected)
    close = reference.closest(one, 2)
    found = reach(one, degree=2, limit=5000)
    score.add(list(found.counts.values()), [len(each) for each in expected])
    score.add_strengths({each.id: each.closeness for each in found.rows}, {far: told[0] for far, told in close.items()})
    score.add({each.id: each.between for each in found.rows}, {far: tuple(told[1][:3]) for far, told in close.items()})


def compare_mutual(reference: Reference, two: list[UUID], score: Score) -> None:
    one, other = two
    near, far = reference.near(one), reference.near(other)
    both = (set(near) & set(far) & reference.people) - {one, other}
    score.add(mutual(one, other), sorted(both))
    count, rows = shared(one, other, limit=5000)
    score.add(count, len(both))
    score.add_strengths({each.id: each.closeness for each in rows}, {each: near[each] * far[each] for each in both})


def compare_picture(reference: Reference, one: UUID, score: Score) -> None:
    """As many as fit, each as close as it is, and nobody left out who is closer than one who is shown."""
    expected, found = reference.ego(one), ego(one, limit=SHOWN).closeness
    score.add(len(found), min(len(expected), SHOWN))
    score.add_strengths(found, {each: expected.get(each, 0) for each in found})
    left_out = max((worth for each, worth in expected.items() if each not in found), default=0)
    score.add(left_out <= min(found.values()) + LAST_DIGITS, True)


def test_every_answer_in_a_town_is_what_an_exhaustive_look_gives(
    cast: Cast, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, random = time.monotonic(), Random(5)  # noqa: S311
    with entered(cast.alice) as actor:
        seats = list(Seat.objects.order_by("id").values_list("id", flat=True))
        board = circle_for("people:" + ",".join(map(str, seats[:2])))
        town = Town(actor, random, SIZE, (only_me(), board))
        town.build()
        town.answered(seats)
        assert differences().ties == 0
    score = Score()
    for user in (cast.alice, cast.bob):
        with entered(user) as actor:
            with operation("act"):
                Relation.objects.filter(id=random.choice(town.people)).update(seat_id=actor.seat_id)
            at = standing_still(monkeypatch)
            reference = Reference.seen(at, timezone.localtime(at).date(), actor.seat_id)
            for _number in range(LOOKS):
                compare(reference, random, score)
                assert not score.wrong, str(user)
    minutes = (time.monotonic() - began) / 60
    measured = f"{score.wrong} of {score.telling}, {SIZE} nodes"
    judge("network: a town, differences from the reference", goal="0", measured=measured, is_good=not score.wrong)
    judge("network: a town, minutes", goal=f"< {GOAL}", measured=f"{minutes:.1f}", is_good=minutes < GOAL)
    assert score.telling > score.asked / 2 and minutes < GOAL
