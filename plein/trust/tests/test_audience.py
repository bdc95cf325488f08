# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing who sees something: a circle, or colleagues by name, in every form and through every door alike."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from plein.moments.models import Draft, Moment, ToDo
from plein.relations.models import Relation
from plein.testing.cast import Cast, without_reactions
from plein.testing.factories import make_person
from plein.trust.actions import change_seat, give_seat, make_user
from plein.trust.circles import UnknownCircle, circle_for, circle_key, circle_of_people, people_key
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def dora(cast: Cast) -> User:
    """Another colleague."""
    made = make_user(email="dora@plein.example", name="Dora", language="en")
    with without_reactions():
        give_seat(workspace=cast.here, user=made, role=Role.MEMBER)
    return made


def seat(user: User) -> str:
    """The id of a colleague's seat, in the context in force."""
    return str(Seat.objects.get(user=user).id)


def sees(user: User, model: type[Relation] | type[Moment] | type[ToDo]) -> bool:
    with entered(user):
        return model.objects.exists()


def test_named_people_see_what_is_for_them_and_nobody_else_does(
    alice: User, bob: User, dora: User, signed_in: SignIn
) -> None:
    with entered(alice):
        chosen = {"audience": "people", "audience-people": [seat(bob)]}
    assert signed_in(alice).post("/people/new/", {"name": "Geheim", **chosen}).status_code == 302

    assert [sees(user, Relation) for user in (alice, bob, dora)] == [True, True, False]
    with entered(alice):
        kept = circle_key(Relation.objects.get().circle_id)
        assert kept == people_key(Seat.objects.filter(user__in=[alice, bob]).values_list("id", flat=True))


def test_the_composer_and_the_to_do_take_named_people_too(
    alice: User, bob: User, dora: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk, named = make_person(), {"circle": "people", "circle-people": [seat(bob)]}
    client = signed_in(alice)
    client.post(f"/relations/{henk.id}/moments/new", {"kind": "note", "text": "Vertrouwelijk", **named})
    client.post(f"/relations/{henk.id}/moments/new", {"kind": "todo", "text": "Bellen", **named})

    for model in (Moment, ToDo):
        assert [sees(user, model) for user in (alice, bob, dora)] == [True, True, False]


def test_a_draft_keeps_whom_one_ticked(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk, bobs = make_person(), seat(bob)
    client = signed_in(alice)
    client.post(
        f"/relations/{henk.id}/moments/draft",
        {"kind": "note", "text": "Half", "circle": "people", "circle-people": [bobs]},
    )

    with entered(alice):
        assert Draft.objects.get().content["circle"] == f"people:{bobs}"
    page = client.get(f"/relations/{henk.id}/").text
    assert f'name="circle-people" value="{bobs}" checked' in page
    assert '<option value="people" selected>' in page


def test_nobody_ticked_and_a_stranger_are_refused_in_words(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    empty = client.post("/people/new/", {"name": "Geheim", "audience": "people"})
    assert empty.status_code == 422 and "Tick at least one colleague" in empty.text
    with entered(charlie):
        strange = seat(charlie)
    for one in (strange, str(uuid4()), "x"):
        sent = {"name": "Geheim", "audience": "people", "audience-people": [one]}
        refused = client.post("/people/new/", sent)
        assert refused.status_code == 422 and "colleagues who work here" in refused.text
        assert "Geheim" in refused.text
    assert not sees(alice, Relation)


def test_a_suspended_colleague_cannot_be_named(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        found = Seat.objects.get(user=bob)
        change_seat(actor=actor, seat=found, role=Role.MEMBER, is_active=False)
    sent = {"name": "Geheim", "audience": "people", "audience-people": [str(found.id)]}

    assert signed_in(alice).post("/people/new/", sent).status_code == 422
    assert ">Bob<" not in signed_in(alice).get("/people/new/").text


def test_long_lists_of_names_are_kept_apart(cast: Cast, alice: User) -> None:
    users = [make_user(email=f"u{number}@plein.example", name=f"U{number}", language="en") for number in range(12)]
    with without_reactions():
        for user in users:
            give_seat(workspace=cast.here, user=user, role=Role.MEMBER)
    with entered(alice):
        seats = sorted(Seat.objects.filter(user__in=users).values_list("id", flat=True))
        first, other = circle_of_people(seats), circle_of_people(seats[:-1])
        assert len(people_key(seats)) > 400 and first != other
        assert circle_of_people(reversed(seats)) == first
        assert circle_key(circle_for(people_key(seats))).count(",") == 12
        with pytest.raises(UnknownCircle):
            circle_for(people_key(uuid4() for _one in range(60)))


def test_the_colleagues_are_offered_in_the_form_and_nobody_from_elsewhere(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    page = signed_in(alice).get("/people/new/").text

    assert "Named people" in page and ">Bob<" in page
    assert "Charlie" not in page
