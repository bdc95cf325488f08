# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who would rather not be asked: what it does to the paths, and that no number tells who it was."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from plein.core.ids import now
from plein.core.operations import operation
from plein.network.models import Answer, Refusal
from plein.network.queries import Introductions, Question, introductions
from plein.network.queries.following import this_moment
from plein.network.queries.reluctance import reluctance_of, willingness
from plein.relations.actions import merge_relations
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.models import Seat
from plein.trust.seats import Entrance, entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast: Cast) -> Iterator[Entrance]:
    with entered(cast.alice) as actor:
        yield actor


def meet(*pairs: tuple[Relation, Relation]) -> None:
    with operation("add_tie"):
        for one, other in pairs:
            Tie.objects.create(one=one, other=other, kind="friend")


def begin(actor: Entrance) -> tuple[Relation, Relation, Relation, Relation]:
    """Two ways to Rik: through Henk and through Ans, equally strong."""
    me, henk, ans, rik = (make_person(name) for name in ("Alice", "Henk", "Ans", "Rik"))
    with operation("keep_colleague"):
        Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
    meet((me, henk), (me, ans), (henk, rik), (ans, rik))
    return me, henk, ans, rik


def ask(actor: Entrance, to: Relation) -> Introductions:
    return introductions(Question(to), seat_id=actor.seat_id)


def ways(found: Introductions) -> set[str]:
    return {path.people[1].name for path in found.paths}


def last_month() -> datetime:
    return now().replace(day=1) - timedelta(days=2)


def noes(person: Relation, count: int, *, at: datetime) -> None:
    seats = list(Seat.objects.order_by("id"))
    for number in range(count):
        Answer.objects.create(person=person, seat=seats[number % 2], is_yes=False, at=at)


def test_who_refused_one_person_is_asked_about_others_only_and_is_not_counted(alice: Entrance) -> None:
    _me, henk, ans, rik = begin(alice)
    piet = make_person("Piet")
    meet((henk, piet), (ans, piet))

    Refusal.objects.create(person=henk, target=rik)
    found = ask(alice, rik)

    assert ways(found) == {"Ans"} and found.not_used == 0
    assert ways(ask(alice, piet)) == {"Henk", "Ans"}


def test_a_refusal_counts_for_whoever_works_at_an_organization(alice: Entrance) -> None:
    _me, henk, _ans, rik = begin(alice)
    firm = make_organization("Vechtdal")
    make_membership(rik, firm)
    Refusal.objects.create(person=henk, target=rik)

    assert ways(ask(alice, firm)) == {"Ans"}


def test_a_rest_counts_for_its_asker_and_ends(alice: Entrance, cast: Cast) -> None:
    _me, henk, ans, rik = begin(alice)
    bob = Seat.objects.get(user=cast.bob)
    Refusal.objects.create(person=henk, target=rik, seat_id=bob.id)
    Refusal.objects.create(person=ans, target=rik, seat_id=alice.seat_id, until=now() - timedelta(days=1))
    assert ways(ask(alice, rik)) == {"Henk", "Ans"}

    Refusal.objects.create(person=ans, target=rik, seat_id=alice.seat_id, until=now() + timedelta(days=1))
    assert ways(ask(alice, rik)) == {"Henk"}


def test_noes_count_only_together_and_from_the_next_month_on(alice: Entrance) -> None:
    _me, henk, _ans, rik = begin(alice)
    before = [path.score for path in ask(alice, rik).paths]

    noes(henk, 2, at=last_month())
    noes(henk, 9, at=now())
    Answer.objects.create(person=henk, seat_id=alice.seat_id, is_yes=True, at=now())
    assert [path.score for path in ask(alice, rik).paths] == before

    noes(henk, 1, at=last_month())
    first, second = ask(alice, rik).paths
    assert (first.people[1].name, second.people[1].name) == ("Ans", "Henk")
    assert first.willingness == 1 and second.willingness == pytest.approx(0.25)
    assert second.score == pytest.approx(second.strength * 0.25) and second.strength == pytest.approx(first.strength)


def test_noes_to_one_asker_alone_do_not_count(alice: Entrance) -> None:
    _me, henk, _ans, rik = begin(alice)
    for _number in range(5):
        Answer.objects.create(person=henk, seat_id=alice.seat_id, is_yes=False, at=last_month())

    assert {path.willingness for path in ask(alice, rik).paths} == {1.0}


def test_willingness_comes_in_four_steps_and_never_is_nothing() -> None:
    assert [willingness(*one) for one in ((0, 0), (9, 3), (3, 3), (0, 3), (0, 400))] == [1, 0.75, 0.5, 0.25, 0.25]


def test_the_asker_asks_nobody_in_their_own_name(alice: Entrance) -> None:
    me, _henk, _ans, rik = begin(alice)
    noes(me, 3, at=last_month())
    Refusal.objects.create(person=me, target=rik)

    assert ways(ask(alice, rik)) == {"Henk", "Ans"}
    assert reluctance_of([str(rik.id)], this_moment(), alice.seat_id).costs == {}


def test_a_refusal_follows_who_becomes_one_with_somebody(alice: Entrance) -> None:
    _me, henk, _ans, rik = begin(alice)
    twin = make_person("H. Henk")
    Refusal.objects.create(person=twin, target=rik)

    merge_relations(actor=alice, into=henk, other=twin)

    assert ways(ask(alice, rik)) == {"Ans"}


def test_another_company_has_refusals_of_its_own(alice: Entrance, cast: Cast) -> None:
    _me, henk, _ans, rik = begin(alice)
    Refusal.objects.create(person=henk, target=rik)
    with entered(cast.charlie):
        assert Refusal.objects.count() == Answer.objects.count() == 0
