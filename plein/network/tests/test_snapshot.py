# SPDX-License-Identifier: AGPL-3.0-or-later
"""With a snapshot every answer is the one that the database gives, whatever happened since it was made."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from plein.core.ids import now
from plein.network.actions import take_snapshot
from plein.network.queries import degrees
from plein.network.queries.following import Moment
from plein.network.snapshot import sight as sights
from plein.network.tests.acts import Company
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.circles import circle_of_team, everyone, only_me
from plein.trust.models import Team, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
ROUNDS, ACTS, LOOKS = (10, 120, 25) if NIGHTLY else (2, 40, 6)


@pytest.fixture(autouse=True)
def snapshots(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of its own, and nothing remembered of the test before."""
    settings.PLEIN_SNAPSHOTS = tmp_path / "snapshots"
    settings.PLEIN_SNAPSHOT_FROM = 1
    sights.forget_all()
    return tmp_path / "snapshots"


def is_served() -> bool:
    """Whether the reader in force is told from a snapshot."""
    at = now()
    return sights.sight(Moment(at, timezone.localtime(at).date())) is not None


def questions(random: Random) -> list[Callable[[], Any]]:
    """Questions about a few people at random; their answers can be compared."""
    people = sorted(Relation.objects.values_list("id", flat=True))
    of = random.choice(people)
    return [
        lambda: [(one.count, sorted(one.ids)) for one in degrees(of, with_last=True)],
        lambda: [one.count for one in degrees(of)],
    ]


def compare(settings: LazySettings, random: Random) -> int:
    """How many answers differ with and without a snapshot."""
    wrong = 0
    for ask in questions(random):
        told = ask()
        settings.PLEIN_SNAPSHOT = False
        wrong += told != ask()
        settings.PLEIN_SNAPSHOT = True
    return wrong


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


def test_every_answer_is_that_of_the_database_alone(cast: Cast, judge: Judge, settings: LazySettings) -> None:
    wrong = asked = served = 0
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
                    served += is_served()
                    asked += 1
                    wrong += compare(settings, random)
    judge("network: answers with a snapshot unlike those without", goal="0", measured=wrong, is_good=not wrong)
    assert not wrong
    assert served > asked / 2
