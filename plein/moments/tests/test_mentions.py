# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.moments import actions
from plein.moments.models import Moment, MomentText, ToDo
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.actions import invite
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Even @Bob vragen", True),
        ("@bob, wil jij bellen?", True),
        ("(zie @Bob)", True),
        ("Mail naar info@bob.example", False),
        ("@Bobby is een ander", False),
        ("Bob zonder teken", False),
    ],
)
def test_a_name_behind_an_at_is_a_mention(
    alice: User, bob: User, henk: Relation, signed_in: SignIn, text: str, is_named: bool
) -> None:
    answer = signed_in(alice).post(f"/relations/{henk.id}/moments/new", {"kind": "note", "text": text})

    assert answer.status_code == 302
    with entered(alice):
        written = MomentText.objects.get()
        assert written.text == text
        assert (written.mentions == [Seat.objects.get(user=bob).id]) is is_named


def test_of_two_people_with_one_name_the_chosen_one_is_meant(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        other, _link = invite(actor=actor, email="bob.two@plein.example", name="Bob", role="member")

    address = f"/relations/{henk.id}/moments/new"
    signed_in(alice).post(address, {"kind": "note", "text": "@Bob eens", "mention": str(other.id)})
    signed_in(alice).post(address, {"kind": "note", "text": "@Bob weer"})

    with entered(alice):
        first, second = MomentText.objects.order_by("id")
        assert first.mentions == [other.id]
        assert second.mentions == []


def test_who_was_chosen_but_is_not_named_and_who_is_not_here_are_left_out(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        bobs = Seat.objects.get(user=bob).id
    with entered(charlie):
        strange = Seat.objects.get(user=charlie).id
    sent = {"kind": "note", "text": "Wie weet dit? @Charlie", "mention": [str(bobs), str(strange), str(new_id()), "x"]}
    signed_in(alice).post(f"/relations/{henk.id}/moments/new", sent)

    with entered(alice):
        assert MomentText.objects.get().mentions == []


def test_the_writer_is_warned_of_a_mention_that_its_colleague_cannot_see(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client, address = signed_in(alice), f"/relations/{henk.id}/moments/new"
    sent = {"kind": "note", "text": "Niet voor @Bob", "circle": "me"}
    warned = client.post(address, sent, headers={"HX-Request": "true"})

    assert warned.status_code == 422
    assert "Bob would not see this and is told nothing" in warned.text
    assert "Niet voor @Bob" in warned.text
    with entered(alice):
        assert not Moment.objects.exists()

    assert client.post(address, sent | {"missed": "Bob"}).status_code == 302
    with entered(alice):
        assert MomentText.objects.get().mentions == []


def test_a_to_do_names_colleagues_in_its_note_and_warns_too(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client, address = signed_in(alice), f"/relations/{henk.id}/moments/new"
    client.post(address, {"kind": "todo", "text": "Offerte\nvraag @Bob om de prijzen"})
    warned = client.post(address, {"kind": "todo", "text": "Offerte voor @Bob", "circle": "me"})

    assert warned.status_code == 422
    with entered(alice):
        todo = ToDo.objects.get()
        assert todo.mentions == [Seat.objects.get(user=bob).id]

    sent = {"version": todo.version, "title": "Offerte", "note": "vraag niemand", "assignee": str(todo.assignee_id)}
    client.post(f"/todos/{todo.id}/", sent)
    with entered(alice):
        assert ToDo.objects.get().mentions == []


def test_an_edit_that_names_somebody_new_keeps_who_was_named(
    alice: User, bob: User, gina: User, henk: Relation
) -> None:
    with entered(alice) as actor:
        moment = actions.record_moment(actor=actor, kind="note", participants=[actions.Part(henk.id)], text="@Bob")
        actions.edit_moment(actor=actor, moment=moment, changes={"text": "@Bob en @Gina"}, based_on=moment.version)
        seats = set(Seat.objects.filter(user__in=[bob, gina]).values_list("id", flat=True))

        assert set(MomentText.objects.get().mentions) == seats


def test_colleagues_are_offered_while_one_types(
    alice: User, bob: User, charlie: User, signed_in: SignIn, henk: Relation
) -> None:
    offered = signed_in(alice).get("/notifications/colleagues/?q=bo", headers={"HX-Request": "true"})
    hidden = signed_in(alice).get("/notifications/colleagues/?q=b&circle=me", headers={"HX-Request": "true"})
    nobody = signed_in(alice).get("/notifications/colleagues/?q=char", headers={"HX-Request": "true"})
    strange = signed_in(charlie).get("/notifications/colleagues/?q=bo", headers={"HX-Request": "true"})

    assert 'data-name="Bob"' in offered.text
    assert "does not see this" not in offered.text
    assert "does not see this" in hidden.text
    assert "data-name" not in nobody.text
    assert "data-name" not in strange.text
