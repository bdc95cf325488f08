# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we know together is what a naive look at everything one sees gives."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from plein.consent.queries import restricted_of
from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.models import Moment
from plein.network.queries.ours import fallen_silent, known_alone, ours, unmet, who_knows
from plein.network.tests.reference import Reference
from plein.network.tests.test_answers import FIRSTS, NIGHTLY, Score, companies, standing_still
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_moment
from plein.testing.figures import Judge
from plein.trust.models import Seat
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=NIGHTLY)


def take_seats(random: Random) -> None:
    """Some of the people are the colleagues of this company."""
    people = list(Relation.objects.filter(kind="person").order_by("id").values_list("id", flat=True))
    Relation.objects.filter(seat_id__isnull=False).update(seat_id=None)
    for seat in Seat.objects.order_by("id"):
        Relation.objects.filter(id=random.choice(people)).update(seat_id=seat.id)


def meet_often(random: Random) -> None:
    """Each of us met somebody often, some time ago; some of it is taken away again."""
    people = list(Relation.objects.filter(kind="person", seat_id__isnull=True).order_by("id"))
    for one in Relation.objects.filter(seat_id__isnull=False).order_by("id"):
        for other in random.sample(people, min(3, len(people))):
            ago, gap = random.choice([30, 200, 700]), random.choice([1, 5, 40])
            made = [
                make_moment(one, other, kind="meeting", occurred_at=now() - timedelta(days=ago + gap * number))
                for number in range(random.choice([2, 4, 6]))
            ]
            if random.random() < 0.5:
                Moment.objects.filter(id=random.choice(made).id).delete()


def known_of(reference: Reference, us: list[UUID]) -> dict[UUID, dict[UUID, float]]:
    """Whom each of us knows who is none of us."""
    return {
        one: {far: worth for far, worth in reference.near(one).items() if far in reference.people - set(us)}
        for one in us
    }


def compare(reference: Reference, score: Score) -> int:
    us = ours()
    known = known_of(reference, us)
    everybody = [far for them in known.values() for far in them]
    alone = {
        one: {far: worth for far, worth in them.items() if everybody.count(far) == 1} for one, them in known.items()
    }
    counts, rows = known_alone(us, whose=None, limit=500)
    score.add(counts, {one: len(them) for one, them in alone.items() if them})
    score.add_strengths(
        {(each.who, each.id): each.strength for each in rows},
        {(one, far): worth for one, them in alone.items() for far, worth in them.items()},
    )
    for one in us:
        mine = known_alone(us, whose=one, limit=2, offset=1)[1]
        ranked = sorted(alone[one], key=lambda far: (-round(alone[one][far], 9), far.int))
        score.add([each.id for each in mine], ranked[1:3])
    unused = restricted_of(reference.people)
    strangers = reference.people - set(us) - set(everybody) - unused
    score.add(set(unmet(us).values_list("id", flat=True)), strangers)
    compare_firms(reference, us, known, score)
    count, silent = fallen_silent(us, whose=None, limit=500)
    expected = reference.silent(us)
    score.add_strengths({(each.who, each.id): each.was for each in silent}, expected)
    assert count == len(silent)
    assert all(one.was >= other.was - 1e-5 for one, other in pairwise(silent))
    return len(expected)


def compare_firms(reference: Reference, us: list[UUID], known: dict[UUID, dict[UUID, float]], score: Score) -> None:
    firms = set(Relation.objects.filter(kind="organization").values_list("id", flat=True))
    roles = [one for one in reference.roles if reference.is_of_today(one)]
    everybody = {far for them in known.values() for far in them} | set(us)
    entered_by = {one.organization_id for one in roles if one.person_id in everybody}
    tied = {far for one in us for far in reference.near(one, everything=True)}
    score.add(set(unmet(us, "organization").values_list("id", flat=True)), firms - entered_by - tied)
    for firm in firms:
        there = {one.person_id for one in roles if one.organization_id == firm} | {firm}
        expected, counts = {}, {}
        for one in us:
            them = [worth for far, worth in reference.near(one).items() if far in there - set(us)]
            if them:
                left = 1.0
                for worth in them:
                    left *= 1 - worth
                expected[one], counts[one] = 1 - left, len(them)
        found = who_knows(us, firm)
        score.add_strengths({each.who: each.strength for each in found}, expected)
        score.add({each.who: each.count for each in found}, counts)
        assert all(one.strength >= other.strength - 1e-8 for one, other in pairwise(found))


@pytest.mark.parametrize("first", FIRSTS)
def test_whom_we_know_together_is_what_a_naive_look_gives(
    first: int, cast: Cast, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    score, silent = Score(), 0
    for random in companies(cast, first):
        for _number in range(3 if NIGHTLY else 1):
            with entered(cast.alice), operation("keep_colleague"):
                take_seats(random)
                meet_often(random)
            for user in (cast.alice, cast.bob):
                with entered(user):
                    at = standing_still(monkeypatch)
                    silent += compare(Reference.seen(at, timezone.localtime(at).date()), score)
                    assert not score.wrong, str(user)
    measured = f"{score.wrong} of {score.telling}"
    judge("network: whom we know together, differences", goal="0", measured=measured, is_good=not score.wrong)
    assert score.telling > score.asked / 4 and silent > 3
