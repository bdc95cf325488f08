# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we know together: the lists, on their page, by program and in the list of people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.consent.actions import restrict
from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.network.tests.conftest import Network, seated, tied
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def bob_too(alice: User, bob: User, network: Network) -> Relation:
    """Bob is one of the people as well, and knows Ans and a stranger of Isala; Gerda is known to nobody."""
    with entered(alice):
        me, tine, isala = make_person("Bob"), make_person("Tine Tamsma"), make_organization("Isala")
        seated(me, Seat.objects.get(user=bob).id)
        tied(me, network.ans)
        tied(me, tine, "friend")
        make_membership(tine, isala)
        make_person("Gerda Niemand")
        for days in (300, 310, 320, 330):
            make_moment(network.alice, network.rik, kind="meeting", occurred_at=now() - timedelta(days=days))
        return me


def test_nobody_of_us_has_met_them_yet(
    alice: User, bob: User, network: Network, bob_too: Relation, signed_in: SignIn, calling: Calling
) -> None:
    page = signed_in(alice).get("/network/lists/").text
    body = page[page.index("<tbody>") :]

    assert "Gerda Niemand" in body
    for known in ("Henk Vos", "Rik Jansen", "Piet Spar", "Tine Tamsma", "Alice<", "Bob<"):
        assert known not in body
    assert "known_by%3Aempty" in page
    people = signed_in(alice).get("/people/", {"f": "known_by:empty"}).text
    assert "Gerda Niemand" in people and "Henk Vos" not in people
    rows = calling(bob).read("/network/lists/unmet")["rows"]
    assert [one["name"] for one in rows] == ["Gerda Niemand"]
    firms = calling(alice).read("/network/lists/unmet?kind=organization")["rows"]
    assert firms == []


def test_whose_data_are_not_used_is_not_said_to_be_unknown(
    alice: User, network: Network, bob_too: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        restrict(actor=actor, relation=network.henk, reason="They asked.")
    client = signed_in(alice)

    assert "Henk Vos" not in client.get("/network/lists/").text
    assert "Henk Vos" not in client.get("/people/", {"f": "known_by:empty"}).text


def test_only_one_of_us_knows_them_and_they_can_be_handed_over(
    alice: User, bob: User, network: Network, bob_too: Relation, signed_in: SignIn, calling: Calling
) -> None:
    client = signed_in(alice)
    everybody = client.get("/network/lists/", {"list": "alone"}).text
    mine = client.get("/network/lists/", {"list": "alone", "of": str(bob_too.id)}).text
    body = mine[mine.index("<tbody>") :]

    for name in ("Henk Vos", "Rik Jansen", "Piet Spar", "Tine Tamsma"):
        assert name in everybody
    assert "Ans Bos" not in everybody
    assert "Tine Tamsma" in body and "Henk Vos" not in body
    with entered(bob) as actor:
        asked = f"only_known_by:is:{actor.seat_id}"
    assert f"/export/person/?f=only_known_by%3Ais%3A{actor.seat_id}" in mine
    sent = client.post("/export/person/", {"view": f"f={asked}", "format": "csv", "separator": ";"})
    file = b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Tine Tamsma" in file and "Henk Vos" not in file
    told = calling(bob).read(f"/network/lists/alone?of={network.alice.id}")
    assert {one["person"]["name"] for one in told["rows"]} == {"Henk Vos", "Rik Jansen"}
    assert {one["colleague"]["name"]: one["count"] for one in told["counts"]} == {"Alice": 2, "Bob": 1}
    assert signed_in(bob).get("/network/lists/", {"list": "alone", "of": str(network.henk.id)}).status_code == 404
    assert calling(bob).send("GET", f"/network/lists/alone?of={new_id()}").status_code == 404


def test_once_strong_ties_that_fell_silent(
    alice: User, bob: User, network: Network, bob_too: Relation, signed_in: SignIn, calling: Calling
) -> None:
    page = signed_in(alice).get("/network/lists/", {"list": "silent"}).text
    body = page[page.index("<tbody>") :]

    assert "Rik Jansen" in body and "Henk Vos" not in body and "Ans Bos" not in body
    [row] = calling(bob).read("/network/lists/silent")["rows"]
    assert (row["person"]["name"], row["colleague"]["name"], row["moments"]) == ("Rik Jansen", "Alice", 4)
    assert row["was"] > 0.5 > row["strength"] or row["was"] > row["strength"]
    with entered(alice):
        Relation.objects.get(id=network.rik.id)
        make_moment(network.alice, network.rik, kind="call")
    assert calling(bob).read("/network/lists/silent") == {"count": 0, "rows": []}


def test_who_of_us_knows_an_organization_best(
    alice: User, bob: User, charlie: User, network: Network, bob_too: Relation, signed_in: SignIn, calling: Calling
) -> None:
    with entered(alice):
        hidden = make_person("Stille Kracht", circle_id=only_me())
        make_membership(hidden, network.vechtdal)
        tied(network.alice, hidden, "friend")
        tied(bob_too, network.rik, "knows")
    client = signed_in(alice)
    page = client.get("/network/lists/", {"list": "best", "organization": str(network.vechtdal.id)}).text
    aside = client.get(f"/network/lists/{network.vechtdal.id}/best/", headers=HTMX).text

    for each in (page, aside):
        assert each.index("Alice") < each.index("Bob") and "Stille Kracht" in each
    theirs = signed_in(bob).get(f"/network/lists/{network.vechtdal.id}/best/", headers=HTMX).text
    assert "Stille Kracht" not in theirs and "<html" not in theirs
    rows = calling(bob).read(f"/network/lists/best?organization={network.vechtdal.id}")["rows"]
    assert [(one["colleague"]["name"], one["count"]) for one in rows] == [("Alice", 1), ("Bob", 1)]
    assert f"organization={network.vechtdal.id}" in client.get("/network/lists/?list=best&name=vechtdal").text
    for address in (
        f"/network/lists/{network.rik.id}/best/",
        f"/network/lists/{new_id()}/best/",
        f"/network/lists/?list=best&organization={network.rik.id}",
    ):
        assert client.get(address).status_code == 404
    assert signed_in(charlie).get(f"/network/lists/{network.vechtdal.id}/best/").status_code == 404


def test_the_list_of_people_says_who_of_us_knows_them(
    alice: User, bob: User, network: Network, bob_too: Relation, signed_in: SignIn
) -> None:
    with entered(bob) as actor:
        seat = actor.seat_id
    columns = {"columns": "known_by", "f": f"known_by:is:{seat}"}
    page = signed_in(alice).get("/people/", columns).text
    body = page[page.index("<tbody>") :]

    assert "Ans Bos" in body and "Tine Tamsma" in body and "Henk Vos" not in body and "Alice" in body
    assert "Ans Bos" not in signed_in(alice).get("/people/", {"f": f"known_by:not:{seat}"}).text.split("<tbody>")[1]
    assert "Gerda" not in signed_in(alice).get("/people/", {"f": "known_by:filled"}).text


def test_without_anybody_or_with_a_wrong_word_it_says_what_to_do(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    for wanted in ("unmet", "alone", "silent"):
        page = client.get("/network/lists/", {"list": wanted})
        assert page.status_code == 200 and "Nobody of you stands among the people yet" in page.text
    for wrong in ({"list": "x"}, {"page": "0"}, {"list": "alone", "of": "bob"}, {"kind": "tree"}):
        answer = client.get("/network/lists/", wrong)
        assert answer.status_code == 422 and "That is no list here" in answer.text


def test_lists_write_nothing_and_strangers_see_nobody(
    alice: User, charlie: User, network: Network, bob_too: Relation, signed_in: SignIn
) -> None:
    with entered(alice):
        before = Operation.objects.count()
    for wanted in ("unmet", "alone", "silent", "best"):
        assert "Gerda" not in signed_in(charlie).get("/network/lists/", {"list": wanted}).text
        signed_in(alice).get("/network/lists/", {"list": wanted})
    with entered(alice):
        assert Operation.objects.count() == before
    assert signed_in(alice).post("/network/lists/").status_code == 405


@pytest.mark.parametrize("name", ["unmet", "alone", "silent", "best"])
def test_statements(name: str, alice: User, network: Network, bob_too: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    asked = {"list": name, "of": str(bob_too.id)} if name in ("alone", "silent") else {"list": name}
    if name == "best":
        asked["organization"] = str(network.vechtdal.id)
    client.get("/network/lists/", asked)

    with within_budget(__file__, name):
        assert client.get("/network/lists/", asked).status_code == 200
