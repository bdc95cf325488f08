# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every way that the page or a program was shown can be asked along, from whomever it begins with."""

import re

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.asking.models import IntroductionRequest, IntroductionStep
from plein.asking.tests.conftest import People, SignIn, turn_of
from plein.consent.actions import set_own_choice
from plein.core.operations import operation
from plein.relations.models import Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_decision, make_membership, make_organization, make_person
from plein.testing.mail_server import Box
from plein.trust.actions import give_seat, make_user
from plein.trust.models import Role, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]
KEY = re.compile(r'name="people" value="([^"]*)"')


def tied(one: Relation, other: Relation, kind: str = "friend") -> None:
    with operation("add_tie"):
        Tie.objects.create(one=one, other=other, kind=kind)


@pytest.fixture
def ida(alice: User, people: People) -> Relation:
    """Alice has more and better ways to Ida than are looked at; Bob one, through Zus, whom he hardly knows."""
    with entered(alice):
        target, zus = make_person("Ida Kok"), make_person("Zus Bakker")
        with operation("remove_tie"):
            Tie.objects.filter(one=people.alice, other=people.bob).delete()
        for number in range(21):
            one = make_person(f"Kennis {number}")
            tied(people.alice, one)
            tied(one, target)
        tied(people.bob, zus, "knows")
        tied(zus, target, "knows")
        return target


def asked_of(user: User) -> list[str]:
    """Who is on the way of the last request."""
    with entered(user):
        made = IntroductionRequest.objects.latest("created_at")
        steps = IntroductionStep.objects.filter(request=made).order_by("place")
        return [one.person.name for one in steps.select_related("person")]


def test_one_asks_along_a_way_of_a_colleague_from_the_page(
    alice: User, bob: User, people: People, ida: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    page = client.get("/network/", {"to": str(ida.id), "from": str(people.bob.id)})
    found = KEY.search(page.text)
    assert found is not None and "Ask Bob" in page.text

    form = client.get("/introductions/new/", {"to": str(ida.id), "people": found[1]})
    assert "Bob finds it on their list." in form.text
    sent = client.post("/introductions/new/", {"to": str(ida.id), "people": found[1], "text": "Mag ik?"})

    assert sent.status_code == 302 and turn_of(bob).text == "Mag ik?"
    assert asked_of(alice) == ["Bob", "Zus Bakker"]


def test_one_asks_along_any_way_that_a_program_is_given(
    alice: User, people: People, ida: Relation, calling: Calling
) -> None:
    caller = calling(alice, "all")
    with entered(alice):
        firm = make_organization("Kok en Zoon")
        make_membership(ida, firm)
    for to in (ida.id, firm.id):
        [path] = caller.read("/network/introductions", **{"to": str(to), "from": str(people.bob.id), "limit": 20})[
            "paths"
        ]
        whole = [one["id"] for one in path["people"]]
        made = caller.send("POST", "/introduction-requests", json={"to": str(to), "people": whole})
        assert made.status_code == 201 and made.json()["stands"].startswith("It is with Bob")
        assert caller.send("POST", f"/introduction-requests/{made.json()['id']}/withdraw").status_code == 200

    for wrong in (
        whole[::-1],
        whole[:1],
        [*whole, whole[0]],
        [whole[0], *whole],
        [whole[0], str(people.rik.id), whole[-1]],
    ):
        refused = caller.send("POST", "/introduction-requests", json={"to": str(ida.id), "people": wrong})
        assert refused.status_code == 422 and "no such way" in refused.text


def test_a_second_colleague_may_be_on_the_way(cast: Cast, alice: User, people: People, calling: Calling) -> None:
    seat = give_seat(workspace=cast.here, user=make_user(email="dora@plein.example", name="Dora"), role=Role.MEMBER)
    with entered(alice):
        dora, target = make_person("Dora"), make_person("Ida Kok")
        with operation("keep_colleague"):
            Relation.objects.filter(id=dora.id).update(seat_id=seat.id)
        tied(people.bob, dora)
        tied(dora, target)
    caller = calling(alice, "all")

    [path] = caller.read("/network/introductions", **{"to": str(target.id), "from": str(people.bob.id)})["paths"]
    whole = [one["id"] for one in path["people"]]
    made = caller.send("POST", "/introduction-requests", json={"to": str(target.id), "people": whole})

    assert whole == [str(one.id) for one in (people.bob, dora, target)]
    assert made.status_code == 201 and asked_of(alice) == ["Bob", "Dora"]


def test_nobody_before_oneself_is_asked(alice: User, people: People, calling: Calling) -> None:
    with entered(alice):
        target = make_person("Ida Kok")
        tied(people.bob, people.alice)
        tied(people.alice, target)
    whole = [str(one.id) for one in (people.bob, people.alice, target)]

    refused = calling(alice, "all").send("POST", "/introduction-requests", json={"to": whole[-1], "people": whole})

    assert refused.status_code == 422 and "yourself" in refused.text


def test_a_colleague_who_is_left_out_is_not_asked(
    alice: User, bob: User, people: People, ida: Relation, signed_in: SignIn, calling: Calling
) -> None:
    with entered(bob) as actor:
        set_own_choice(actor=actor, is_open=False)
    client, caller = signed_in(alice), calling(alice, "all")
    asked = {"to": str(people.rik.id), "from": str(people.bob.id)}
    whole = [str(one.id) for one in (people.bob, people.rik)]

    page = client.get("/network/", asked)
    assert "Bob asked to be left out of introductions" in page.text and "Ask Bob" not in page.text
    assert caller.read("/network/introductions", **asked)["paths"] == []
    refused = caller.send("POST", "/introduction-requests", json={"to": whole[-1], "people": whole})
    assert refused.status_code == 422 and "no such way" in refused.text
    # Who left themselves out asks for themselves as ever.
    assert "left out" not in signed_in(bob).get("/network/", asked).text
    assert calling(bob, "all").read("/network/introductions", **asked)["paths"]


def test_a_way_that_begins_elsewhere_is_asked_by_mail_or_not_at_all(
    alice: User, people: People, box: Box, calling: Calling
) -> None:
    caller = calling(alice, "all")
    asked = {"to": str(people.rik.id), "from": str(people.henk.id)}
    whole = [one["id"] for one in caller.read("/network/introductions", **asked)["paths"][0]["people"]]
    assert whole == [str(one.id) for one in (people.henk, people.ans, people.rik)]

    made = caller.send("POST", "/introduction-requests", json={"to": whole[-1], "people": whole})
    assert made.status_code == 201 and made.json()["stands"].startswith("It is with Henk Vos")
    assert caller.send("POST", f"/introduction-requests/{made.json()['id']}/withdraw").status_code == 200
    with entered(alice) as actor:
        make_decision(actor, people.henk, "introductions", "refused")
    refused = caller.send("POST", "/introduction-requests", json={"to": whole[-1], "people": whole})
    assert refused.status_code == 422 and "does not want to be asked" in refused.text


def test_statements(alice: User, people: People, ida: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    page = client.get("/network/", {"to": str(ida.id), "from": str(people.bob.id)})
    found = KEY.search(page.text)
    assert found is not None
    with within_budget(__file__, "along"):
        assert client.get("/introductions/new/", {"to": str(ida.id), "people": found[1]}).status_code == 200
