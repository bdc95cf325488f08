# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database keeps the network in step with everything it is derived from, in the same transaction."""

import os
from datetime import date
from random import Random
from typing import Any

import pytest

from plein.core.operations import operation
from plein.network.models import Contact, Half
from plein.network.queries.keeping import Differences, differences
from plein.network.tests.acts import Company
from plein.network.vocabulary import GROUP, LARGEST, Ground
from plein.relations.models import Membership
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.testing.figures import Judge
from plein.trust.circles import everyone, only_me
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
ROUNDS, ACTS, LOOKS = (5, 250, 10) if NIGHTLY else (2, 80, 8)


def test_a_call_and_an_employer_tie_two_people_both_ways(cast: Cast) -> None:
    with entered(cast.alice):
        henk, ans = make_person("Henk"), make_person("Ans")
        make_moment(henk, ans)
        firm = make_organization("Firm")
        make_membership(henk, firm)
        make_membership(ans, firm)

        assert Contact.objects.get().moments == 1
        assert sorted(Half.objects.values_list("ground", flat=True)) == [0, 0, 1, 1, 2, 2, 2, 2]
        assert differences() == Differences(0, 0)


def test_in_a_large_group_only_the_department_makes_colleagues(cast: Cast) -> None:
    with entered(cast.alice), operation("add_memberships"):
        people, firm = [make_person(f"Person {number}") for number in range(26)], make_organization("Firm")
        rows = [
            Membership(person=one, organization=firm, department="Verkoop" if number < 3 else "")
            for number, one in enumerate(people)
        ]
        Membership.objects.bulk_create(rows)
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == 3 * 2

        Membership.objects.filter(id=rows[25].id).delete()
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == 25 * 24

        Membership.objects.bulk_create(
            [Membership(person=people[number % 26], organization=firm) for number in range(LARGEST)]
        )
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == 0
        assert differences() == Differences(0, 0)


def test_who_joins_a_group_is_tied_as_if_all_were_derived_anew(cast: Cast) -> None:
    with entered(cast.alice), operation("add_memberships"):
        people, firm = [make_person(f"Person {number}") for number in range(28)], make_organization("Firm")
        Membership.objects.bulk_create([Membership(person=one, organization=firm) for one in people[:22]])
        for number, one in enumerate(people[22:]):
            circle = only_me() if number % 2 else everyone()
            part = {"department": "Verkoop", "starts_on": date(2020 + number, 1, 1), "circle_id": circle}
            Membership.objects.bulk_create([Membership(person=one, organization=firm, **part)])
            Membership.objects.bulk_create([Membership(person=one, organization=firm, ends_on=date(2024, 1, 1))])
            assert differences() == Differences(0, 0), number
        assert Half.objects.filter(ground=Ground.COLLEAGUE).exists()


def test_who_joins_a_group_that_was_too_large_is_tied_as_if_all_were_derived_anew(cast: Cast) -> None:
    with entered(cast.alice), operation("add_memberships"):
        people, firm = [make_person(f"Person {number}") for number in range(GROUP + 8)], make_organization("Firm")
        # One of them works there twice: the others are still few enough to know each other.
        Membership.objects.bulk_create([Membership(person=one, organization=firm) for one in people[1:GROUP]])
        Membership.objects.bulk_create([Membership(person=people[1], organization=firm, role="Adviser")])
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == (GROUP - 1) * (GROUP - 2)
        for number, one in enumerate((people[0], *people[GROUP:])):
            part: dict[int, dict[str, Any]] = {7: {"circle_id": only_me()}}
            part |= dict.fromkeys((5, 6), {"department": "Verkoop"})
            Membership.objects.bulk_create([Membership(person=one, organization=firm, **part.get(number, {}))])
            assert differences() == Differences(0, 0), number
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == 2


def test_who_left_before_or_came_after_is_not_counted(cast: Cast) -> None:
    with entered(cast.alice), operation("add_memberships"):
        people, firm = [make_person(f"Person {number}") for number in range(GROUP + 20)], make_organization("Firm")
        now, then, later = people[:20], people[20:40], people[40:]
        Membership.objects.bulk_create([Membership(person=one, organization=firm) for one in now])
        for number, one in enumerate(then):
            period = {"starts_on": date(2010, 1, 1), "ends_on": date(2015, 1, 1 + number)}
            Membership.objects.bulk_create([Membership(person=one, organization=firm, **period)])
            assert differences() == Differences(0, 0), number
        colleagues = Half.objects.filter(ground=Ground.COLLEAGUE)
        # Of now all of them; of then the last ones to leave, with each other and those of now: they were 25 by then.
        assert colleagues.filter(ends_on=None).count() == 20 * 19
        ended = [colleagues.filter(near_id=one.id).count() for one in then]
        assert ended[:15] == [0] * 15
        assert ended[15:] == [20 + 4] * 5

        for number, one in enumerate(later):
            Membership.objects.bulk_create([Membership(person=one, organization=firm)])
            assert differences() == Differences(0, 0), number
        assert colleagues.filter(ends_on=None).count() == GROUP * (GROUP - 1)
        Membership.objects.bulk_create([Membership(person=then[0], organization=firm)])
        assert colleagues.filter(ends_on=None).count() == 0
        assert differences() == Differences(0, 0)


def test_hidden_members_change_no_tie_that_others_see(cast: Cast) -> None:
    with entered(cast.alice), operation("add_memberships"):
        people, firm = [make_person(f"Person {number}") for number in range(3)], make_organization("Firm")
        Membership.objects.bulk_create([Membership(person=one, organization=firm) for one in people])
        hidden = make_person("Hidden", circle_id=only_me())
        Membership.objects.bulk_create([Membership(person=hidden, organization=firm) for _ in range(LARGEST)])
    with entered(cast.bob):
        assert Half.objects.filter(ground=Ground.COLLEAGUE).count() == 3 * 2
    with entered(cast.alice):
        assert Half.objects.filter(ground=Ground.COLLEAGUE, near_id=hidden.id).count() == 3


def test_whatever_people_do_the_network_is_what_it_would_be_if_derived_anew(cast: Cast, judge: Judge) -> None:
    told, found = [], 0
    for round in range(ROUNDS):
        with entered(cast.alice) as actor:
            company = Company(actor, Random(round))  # noqa: S311
            company.begin()
            for number in range(ACTS):
                told.append(company.act())
                if number % LOOKS == LOOKS - 1:
                    wrong = differences()
                    found += wrong.contacts + wrong.ties
                    assert not found, f"round {round}, act {number}: {wrong} after {told[-LOOKS:]}"
    judge("network: lines unlike those derived anew", goal="0", measured=found, is_good=not found)
