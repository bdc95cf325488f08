# SPDX-License-Identifier: AGPL-3.0-or-later
"""Degrees with filters and pictures through a lens are what a naive look at everything one sees gives."""

from math import log
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from plein.core.operations import operation
from plein.network.queries import Lens, PeopleFilter, Period, ego, members_of, reach
from plein.network.queries.following import this_moment
from plein.network.tests.reference import Reference
from plein.network.tests.test_answers import FIRSTS, NIGHTLY, Score, companies, standing_still
from plein.network.vocabulary import Ground
from plein.relations.models import Membership, Relation, Tag, Tagging
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=NIGHTLY)
LOOKS = 30 if NIGHTLY else 10
KINDS = {Ground.CONTACT: "contact", Ground.COLLEAGUE: "colleague", Ground.FRIEND: "friend", Ground.MEMBER: "member"}


def label(random: Random) -> None:
    """Places, roles and tags, to ask for."""
    tag = Tag.objects.filter(name="beurs").first() or Tag.objects.create(name="beurs")
    for one in Relation.objects.filter(kind="person").order_by("id"):
        Relation.objects.filter(id=one.id).update(place=random.choice(["Zwolle", "Epe", ""]))
        if random.random() < 0.4 and not Tagging.objects.filter(relation=one).exists():
            Tagging.objects.create(relation=one, tag=tag)
    for role in Membership.objects.order_by("id"):
        Membership.objects.filter(id=role.id).update(role=random.choice(["Inkoper", "directeur"]))


def wanted_by(only: PeopleFilter, reference: Reference) -> set[UUID]:
    """The people a filter asks for, from lists."""
    roles = [one for one in reference.roles if reference.is_of_today(one)]
    found = {one.id for one in Relation.objects.all() if not only.place or one.place.lower() == only.place.lower()}
    if only.organization or only.role:
        found &= {
            one.person_id
            for one in roles
            if only.organization in (None, one.organization_id) and only.role.lower() in one.role.lower()
        }
    if only.tag:
        found &= {one.relation_id for one in Tagging.objects.select_related("tag") if one.tag.name == only.tag}
    return found


def compare_degrees(reference: Reference, random: Random, score: Score) -> None:
    people = sorted(reference.people)
    one, degree = random.choice(people), random.choice([1, 2, 2, 3])
    firms: list[UUID | None] = [*sorted({each.organization_id for each in reference.roles}), None]
    only = random.choice(
        [
            PeopleFilter(),
            PeopleFilter(organization=random.choice(firms)),
            PeopleFilter(place=random.choice(["Zwolle", "zwolle", "Epe"])),
            PeopleFilter(role="koop", organization=random.choice([None, random.choice(firms)])),
            PeopleFilter(tag="beurs"),
        ]
    )
    wanted = wanted_by(only, reference)
    found = reach(one, depth=3, degree=degree, only=only, limit=500)
    expected = [len(each & wanted) for each in reference.degrees(one)]
    score.add([found.counts[number] for number in (1, 2, 3)], expected)
    close = {far: told for far, told in reference.closest(one, degree).items() if far in wanted}
    ranked = sorted(close, key=lambda far: (round(-log(close[far][0]), 9), str(far)))
    score.add([each.id for each in found.rows], ranked)
    score.add_strengths({each.id: each.closeness for each in found.rows}, {far: close[far][0] for far in close})
    between = {far: tuple(told[1][:3]) for far, told in close.items()} if degree > 1 else {}
    score.add({each.id: each.between for each in found.rows if each.between}, between)
    page = reach(one, depth=degree, degree=degree, only=only, limit=2, offset=1)
    score.add([each.id for each in page.rows], ranked[1:3])


def compare_pictures(reference: Reference, random: Random, score: Score) -> None:
    one = random.choice(sorted(Relation.objects.values_list("id", flat=True)))
    grounds = random.choice([(), (), tuple(random.sample(sorted(KINDS), 2))])
    period = random.choice(list(Period))
    days = {Period.QUARTER: 90, Period.YEAR: 365}.get(period)
    seen = reference.lens({KINDS[each] for each in grounds}, days, ever=period == Period.EVER)
    expected = seen.ego(one)
    found = ego(one, lens=Lens(grounds, period))
    score.add_strengths(found.closeness, expected)
    score.add(found.direct, frozenset(seen.near(one, everything=True)))
    through = {far: seen.near(one, everything=True) for far in found.through}
    for far, middle in found.through.items():
        worth = through[far][middle] * seen.near(middle, everything=True)[far]
        score.add_strengths({far: worth}, {far: expected[far]})
    bonds = {
        frozenset((near, far)): worth
        for near in expected
        if near in seen.people or near == one
        for far, worth in seen.near(near, everything=True).items()
        if far in expected
    }
    score.add_strengths({frozenset((each.one, each.other)): each.strength for each in found.bonds}, bonds)
    firms = list(Relation.objects.filter(kind="organization").order_by("id"))
    if firms:
        among = members_of(random.choice(firms), this_moment())
        part = ego(one, lens=Lens(grounds, period, among))
        score.add(set(part.closeness) & among, set(expected) & among)
        score.add_strengths(part.closeness, {one: found.closeness.get(one, 0) for one in part.closeness})


@pytest.mark.parametrize("first", FIRSTS)
def test_degrees_and_pictures_are_what_a_naive_look_gives(
    first: int, cast: Cast, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Score()
    for random in companies(cast, first):
        for user in (cast.alice, cast.bob):
            with entered(user), operation("act"):
                label(random)
        for user in (cast.alice, cast.bob):
            with entered(user):
                at = standing_still(monkeypatch)
                reference = Reference.seen(at, timezone.localtime(at).date())
                for _number in range(LOOKS):
                    compare_degrees(reference, random, score)
                    compare_pictures(reference, random, score)
                    assert not score.wrong, str(user)
    measured = f"{score.wrong} of {score.telling}"
    judge("network: degrees and pictures, differences", goal="0", measured=measured, is_good=not score.wrong)
    assert score.telling > score.asked / 3
