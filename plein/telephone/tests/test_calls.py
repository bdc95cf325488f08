# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody calls: the right colleague hears it, sees whom they may see, and notes it in two keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.operations import undo
from plein.hooks.tests.caller import Caller, caller_of
from plein.moments.models import Moment, MomentText, Participant
from plein.telephone.actions import set_exchange, set_line
from plein.telephone.models import Ring
from plein.telephone.queries import mark_of_rings
from plein.telephone.refusals import CannotCall
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]

NUMBER, OURS = "+31201234567", "+31881234567"
POINTED = {"id": "/id", "phone": "/from", "ours": "/to", "stage": "/status", "direction": "/direction"}


def exchange_of(user: User, **facts: Any) -> Caller:
    return caller_of(user, POINTED, **{"circle": "everyone", "policy": "nobody", **facts})


def rings(caller: Caller, to: str = "12", **more: str) -> None:
    caller.call({"id": "c1", "from": NUMBER, "to": to, "status": "ringing", "direction": "inbound", **more})
    caller.handled()


@pytest.fixture
def anna(cast: Cast) -> Any:
    """Somebody whom only Alice sees."""
    with entered(cast.alice):
        person = make_person("Anna Zilverspar", circle_id=only_me())
        make_contact_point(person, "phone", NUMBER, circle_id=only_me())
        return person


def ringing(client: Client) -> dict[str, str]:
    found: dict[str, str] = client.get("/phone/ringing").json()
    return found


def test_a_call_pops_up_at_who_is_called_and_names_whom_they_may_see(cast: Cast, signed_in: SignIn, anna: Any) -> None:
    for user in (cast.alice, cast.bob):
        with entered(user) as actor:
            set_line(actor=actor, numbers=["12"], hears_rest=False)
            before = mark_of_rings(actor)
    assert before == ""
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)
    assert ringing(alice) == {}

    rings(exchange_of(cast.alice))

    assert ringing(alice) == {"text": "Anna Zilverspar is calling", "href": "/call/?number=%2B31201234567"}
    assert ringing(bob) == {"text": "020 123 4567 is calling", "href": "/call/?number=%2B31201234567"}
    with entered(cast.bob) as actor:
        assert mark_of_rings(actor) != ""
    assert "Anna" in alice.get("/call/?number=%2B31201234567").text and "Anna" in alice.get("/phone/").text
    assert "Anna" not in bob.get("/call/?number=%2B31201234567").text + bob.get("/phone/").text
    assert ringing(signed_in(cast.gina)) == {}


def test_who_is_told_is_whose_number_it_is_or_who_hears_the_rest(cast: Cast) -> None:
    with entered(cast.bob) as actor:
        set_line(actor=actor, numbers=["088 123 45 67"], hears_rest=False)
    with entered(cast.alice) as actor:
        set_line(actor=actor, numbers=[], hears_rest=True)
        with pytest.raises(CannotCall):
            set_line(actor=actor, numbers=["nobody"], hears_rest=False)
    caller = exchange_of(cast.alice)

    rings(caller, to=OURS)
    rings(caller, to="+31889999999", id="c2")
    rings(caller, to=OURS, id="c3", status="ended")
    rings(caller, to=OURS, id="c4", direction="outbound")

    with entered(cast.bob):
        assert list(Ring.objects.values_list("seat__user__email", flat=True).order_by("id")) == [
            cast.bob.email,
            cast.alice.email,
        ]


def test_what_only_an_administrator_may_hear_pops_up_nowhere_else(cast: Cast, signed_in: SignIn) -> None:
    for user in (cast.alice, cast.bob):
        with entered(user) as actor:
            set_line(actor=actor, numbers=["12"], hears_rest=True)

    rings(exchange_of(cast.alice, circle="me"))

    assert ringing(signed_in(cast.alice)) and ringing(signed_in(cast.bob)) == {}


def test_a_note_is_a_call_with_its_length_and_undone(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        person = make_person("Bert Bos")
        make_contact_point(person, "phone", NUMBER)
    client = signed_in(cast.bob)
    form = {
        "text": "Wants a roof.",
        "relation": person.id,
        "direction": "inbound",
        "minutes": "7",
        "circle": "everyone",
    }

    assert client.post("/call/?number=020-1234567", form | {"minutes": "-1"}).status_code == 422
    answer = client.post("/call/?number=020-1234567", form)

    with entered(cast.bob):
        moment = Moment.objects.get()
        assert answer.headers["Location"] == f"/moments/{moment.id}/"
        assert (moment.kind, moment.direction) == ("call", "inbound")
        assert moment.ends_at == moment.occurred_at + timedelta(minutes=7)
        assert MomentText.objects.get(moment=moment).text == "Wants a roof."
        assert Participant.objects.get(moment=moment, role="from").relation_id == person.id
        undo(client.session["toasts"][-1]["undo"].strip("/").split("/")[-1])
        assert not Moment.objects.exists()


def test_the_note_goes_with_the_call_that_the_exchange_told_of(cast: Cast, signed_in: SignIn) -> None:
    caller = caller_of(cast.alice, {"id": "/id", "phone": "/from"}, circle="everyone", policy="everyone")
    caller.call({"id": "c1", "from": NUMBER})
    caller.handled()
    client = signed_in(cast.bob)
    assert "has told of this call already" in client.get("/call/?number=0201234567").text
    client.post(
        "/call/?number=%2B31201234567", {"text": "Roof.", "relation": "", "direction": "inbound", "circle": "everyone"}
    )

    with entered(cast.bob):
        assert MomentText.objects.get(moment=Moment.objects.get()).text == "Roof."


def test_a_number_next_to_a_known_one_is_said_to_be_so(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        make_contact_point(make_person("Bert Bos"), "phone", "+31201234500")
    client = signed_in(cast.bob)
    with within_budget(__file__, "call"):
        text = client.get("/call/?number=0201234567").text
    assert "Nobody you know has this number. These have one next to it:" in text and "Bert Bos" in text
    assert "Bert" not in signed_in(cast.bob).get("/call/?number=0201239967").text


def test_a_click_calls_by_the_exchange(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice) as actor:
        for wrong in ("https://pbx.example/", "javascript:{number}", "https://a b/{number}"):
            with pytest.raises(CannotCall):
                set_exchange(actor=actor, address=wrong)
        set_exchange(actor=actor, address="https://pbx.example/call?to={number}")
    text = signed_in(cast.bob).get("/call/?number=0201234567").text
    assert 'href="https://pbx.example/call?to=%2B31201234567"' in text and 'href="tel:+31201234567"' in text


def test_rings_of_before_go_and_those_of_today_are_listed(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.alice) as actor:
        set_line(actor=actor, numbers=["12"], hears_rest=False)
    caller = exchange_of(cast.alice)
    rings(caller)
    with entered(cast.alice):
        Ring.objects.update(rang_at=now() - timedelta(days=3))
    rings(caller, id="c2")
    with entered(cast.alice):
        assert Ring.objects.count() == 1
    for number in range(3, 9):
        rings(caller, id=f"c{number}")
    client = signed_in(cast.alice)
    with within_budget(__file__, "phone"):
        page = client.get("/phone/")
    assert page.text.count("020 123 4567") == 7
