# SPDX-License-Identifier: AGPL-3.0-or-later
"""With a snapshot every answer is the one that the database gives, whatever happened since it was made."""

import os
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from plein.network.actions import take_snapshot
from plein.network.queries import Lens, degrees, ego, members_of, mutual, reach, shared, tying
from plein.network.queries.following import this_moment
from plein.network.queries.introducing import Search, paths, paths_and_unused
from plein.network.queries.ours import known_alone, who_knows
from plein.network.queries.reluctance import reluctance_of
from plein.network.tests.acts import Company
from plein.network.tests.snapshots import both_ways, seen, snapshots
from plein.network.tests.test_answers import standing_still
from plein.network.vocabulary import Ground
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.circles import circle_of_team, everyone, only_me
from plein.trust.models import Team, User
from plein.trust.seats import entered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures(snapshots.__name__)]
NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
ROUNDS, ACTS, LOOKS = (6, 80, 25) if NIGHTLY else (2, 40, 6)


def questions(random: Random) -> list[Callable[[], Any]]:
    """Questions about a few people at random; their answers can be compared."""
    people = sorted(Relation.objects.values_list("id", flat=True))
    of = random.choice(people)
    moment = this_moment()
    them = sorted(Relation.objects.filter(kind="person").values_list("id", flat=True))
    firms = list(Relation.objects.filter(kind="organization").order_by("id"))
    sources, targets = (frozenset(map(str, random.sample(them, random.choice([1, 1, 3])))) for _end in "st")
    search = Search(sources, targets, moment, reluctance=reluctance_of(targets, moment))
    through = frozenset(map(str, random.sample(them, 3)))
    one, other = random.choice(them), random.choice(them)
    grounds = tuple(random.sample(sorted(Ground), 3))
    us, whose = random.sample(them, min(4, len(them))), random.choice([None, random.choice(them)])
    firm, degree = random.choice(firms), random.choice([1, 2, 3])
    among = members_of(firm, moment)
    lens, few = random.choice([Lens(), Lens(grounds), Lens(among=among)]), random.choice([1, 2, 4, 8])
    return [
        lambda: ego(of, lens=lens),
        lambda: ego(one, limit=few, lens=lens),
        lambda: mutual(one, other),
        lambda: shared(one, other),
        lambda: reach(of, degree=degree),
        lambda: reach(of, depth=2, degree=min(degree, 2), limit=2, offset=1),
        lambda: known_alone(us, whose=whose),
        lambda: known_alone(us, whose=us[0], limit=2, offset=1),
        lambda: who_knows(us, firm.id),
        lambda: paths(search),
        lambda: paths(replace(search, everybody=True)),
        lambda: paths_and_unused(search),
        lambda: paths(replace(search, through=through)),
        lambda: [(one.count, sorted(one.ids)) for one in degrees(of, with_last=True)],
        lambda: [one.count for one in degrees(of)],
    ]


def compare(random: Random) -> list[bool]:
    """Of each question, whether its answer is another with a snapshot than without."""
    answers = map(both_ways, questions(random))
    return [told != alone for told, alone in answers]


def act(user: User, random: Random, *, acts: int, people: int = 0) -> None:
    """Somebody does a few things at random, each in a transaction of its own."""
    company = Company(None, random)  # type: ignore[arg-type]
    for number in range(acts + 1):
        with entered(user) as actor:
            company.actor = actor
            teams = [circle_of_team(one) for one in Team.objects.all() if one.name == "Sales" and user.email[0] == "b"]
            company.circles = (everyone(), everyone(), everyone(), only_me(), *teams)
            if number:
                company.act(growing=0.7)
            else:
                company.begin(people=people, organizations=people and 2)


@pytest.mark.timeout(3600)
def test_every_answer_is_that_of_the_database_alone(cast: Cast, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = asked = served = looks = 0
    for round in range(ROUNDS):
        random = Random(round)  # noqa: S311
        for user in (cast.alice, cast.bob):
            act(user, random, acts=ACTS, people=8)
        with entered(cast.alice) as actor:
            take_snapshot(actor=actor)
        for _number in range(LOOKS):
            for user in (cast.alice, cast.bob):
                act(user, random, acts=random.choice([0, 1, 2]))
                with entered(user):
                    standing_still(monkeypatch)
                    # Of most looks somebody has more ties than a picture follows.
                    monkeypatch.setattr(tying, "WIDEST", random.choice([1, 2, 3, 500]))
                    served += seen() is not None
                    looks += 1
                    answers = compare(random)
                    asked += len(answers)
                    wrong += sum(answers)
    measured = f"{wrong} of {asked}"
    judge("network: answers with a snapshot unlike those without", goal="0", measured=measured, is_good=not wrong)
    assert not wrong
    assert served > looks / 2
