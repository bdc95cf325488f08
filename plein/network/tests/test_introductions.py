# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can introduce us: whom it asks, whom it leaves alone, and what it says each tie rests on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plein.consent.actions import restrict, set_own_choice
from plein.core.ids import now
from plein.core.operations import operation
from plein.network.queries import COLLEAGUES, Introductions, Question, introductions
from plein.network.queries.evidence import evidence_of
from plein.network.queries.following import this_moment
from plein.network.vocabulary import Ground
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_decision, make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import Seat
from plein.trust.seats import Entrance, entered

pytestmark = pytest.mark.django_db


def tie(one: Relation, other: Relation, kind: str = "knows", **changes: object) -> Tie:
    with operation("add_tie"):
        return Tie.objects.create(one=one, other=other, kind=kind, **changes)


def ask(actor: Entrance, to: Relation, origin: str = "me") -> Introductions:
    return introductions(Question(to, origin), seat_id=actor.seat_id)


def ways(found: Introductions) -> list[list[str]]:
    return [[one.name for one in path.people] for path in found.paths]


def test_the_strongest_way_comes_first_and_says_what_it_rests_on(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        me, henk, ans, rik = (make_person(name) for name in ("Alice", "Henk", "Ans", "Rik"))
        with operation("keep_colleague"):
            Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        for days in (5, 20, 30):
            make_moment(me, henk, kind="meeting", occurred_at=now() - timedelta(days=days))
        make_moment(me, ans, kind="call", occurred_at=now() - timedelta(days=900))
        tie(henk, rik, "friend")
        tie(ans, rik, "friend")

        found = ask(actor, rik)
        [first, second] = found.paths

        assert ways(found) == [["Alice", "Henk", "Rik"], ["Alice", "Ans", "Rik"]]
        assert first.score > second.score > 0
        [contact] = first.steps[0].evidence
        assert (contact.ground, contact.moments, contact.together) == (Ground.CONTACT, 3, 3)
        assert contact.both_ways == pytest.approx(1)
        assert contact.last_at is not None and (now() - contact.last_at).days == 5
        assert first.steps[1].evidence[0].ground == Ground.FRIEND
        assert first.strength == pytest.approx(first.steps[0].strength * first.steps[1].strength)


def test_who_may_not_be_asked_is_passed_by_and_counted(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        me, henk, rik = (make_person(name) for name in ("Alice", "Henk", "Rik"))
        with operation("keep_colleague"):
            Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        tie(me, henk)
        tie(henk, rik)
        assert ways(ask(actor, rik)) == [["Alice", "Henk", "Rik"]]

        make_decision(actor, henk, "introductions", "refused")
        assert (ways(ask(actor, rik)), ask(actor, rik).not_used) == ([], 1)

        restrict(actor=actor, relation=henk, reason="They asked.")
        assert (ways(ask(actor, rik)), ask(actor, rik).not_used) == ([], 0)


def test_family_and_what_was_said_in_confidence_are_not_used_for_it(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        me, henk, rik = (make_person(name) for name in ("Alice", "Henk", "Rik"))
        with operation("keep_colleague"):
            Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        tie(me, henk)
        tie(henk, rik, "family")
        tie(henk, rik, own_circle_id=only_me())
        assert ways(ask(actor, rik)) == []

        tie(henk, rik, "family", own_circle_id=only_me(), may_introduce=True)
        assert ways(ask(actor, rik)) == [["Alice", "Henk", "Rik"]]
    with entered(cast.bob) as actor:
        assert ways(ask(actor, rik, COLLEAGUES)) == []


def test_a_colleague_is_asked_for_us_unless_they_would_rather_not(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        bob, rik, firm = make_person("Bob"), make_person("Rik"), make_organization("Firm")
        with operation("keep_colleague"):
            Relation.objects.filter(id=bob.id).update(seat_id=Seat.objects.get(user=cast.bob).id)
        tie(bob, rik)
        make_membership(rik, firm)

        assert ways(ask(actor, firm, COLLEAGUES)) == [["Bob", "Rik"]]
        assert ways(ask(actor, firm)) == []
    with entered(cast.bob) as other:
        set_own_choice(actor=other, is_open=False)
    with entered(cast.alice) as actor:
        assert ways(ask(actor, firm, COLLEAGUES)) == []


def test_it_asks_the_database_a_handful_of_questions(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        people = [make_person(f"Person {number}") for number in range(12)]
        with operation("keep_colleague"):
            Relation.objects.filter(id=people[0].id).update(seat_id=actor.seat_id)
        for number, one in enumerate(people):
            for other in people[number + 1 : number + 4]:
                tie(one, other)
        with CaptureQueriesContext(connection) as queries:
            assert len(ask(actor, people[8]).paths) == 5

        assert len(queries) <= 12


def test_whether_it_has_gone_quiet_is_judged_by_all_contact_that_one_sees(cast: Cast) -> None:
    with entered(cast.alice):
        henk, rik = make_person("Henk"), make_person("Rik")
        for days in (430, 425, 420, 415):
            make_moment(henk, rik, kind="call", occurred_at=now() - timedelta(days=days))
        make_moment(henk, rik, kind="call", occurred_at=now() - timedelta(days=2), circle_id=only_me())
    pair = (str(henk.id), str(rik.id))
    for who, is_quiet in ((cast.alice, [False, False]), (cast.bob, [True])):
        with entered(who):
            assert [one.is_cooling for one in evidence_of([pair], this_moment())[pair]] == is_quiet
