# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page "Who can introduce me to …"."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.core.models import Change, Operation
from plein.network.tests.conftest import Network
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_the_best_ways_are_there_with_what_they_rest_on(alice: User, network: Network, signed_in: SignIn) -> None:
    page = signed_in(alice).get("/network/", {"to": str(network.rik.id)})

    assert page.status_code == 200
    for words in ("Henk Vos", "Ans Bos", "Piet Spar"):
        assert words in page.text
    assert page.text.index("Henk Vos") < page.text.index("Piet Spar") < page.text.index("Ans Bos")


def test_at_an_organization_it_is_whoever_works_there(alice: User, network: Network, signed_in: SignIn) -> None:
    page = signed_in(alice).get("/network/", {"to": str(network.vechtdal.id)})

    assert "Henk Vos" in page.text and "Rik Jansen" in page.text


def test_a_colleague_sees_no_way_over_what_they_may_not_see(
    bob: User, charlie: User, network: Network, signed_in: SignIn
) -> None:
    page = signed_in(bob).get("/network/", {"to": str(network.rik.id), "from": str(network.alice.id)})

    assert "Henk Vos" in page.text and "Piet Spar" not in page.text
    assert signed_in(bob).get("/network/", {"to": str(network.spar.id)}).status_code == 404
    assert signed_in(bob).get("/network/", {"to": str(network.rik.id), "from": str(network.spar.id)}).status_code == 404
    assert signed_in(charlie).get("/network/", {"to": str(network.rik.id)}).status_code == 404
    assert signed_in(charlie).get("/network/").status_code == 200


def test_an_address_that_names_nobody_says_what_to_do(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert client.get("/network/", {"to": str(new_id())}).status_code == 404
    for wrong in ({"to": "rik"}, {"to": str(network.rik.id), "from": "everybody"}):
        page = client.get("/network/", wrong)
        assert page.status_code == 422 and "Choose somebody by name" in page.text


def test_whom_one_means_is_chosen_by_name(alice: User, bob: User, network: Network, signed_in: SignIn) -> None:
    typed = {"name": "jans", "from": "colleagues"}
    page = signed_in(alice).get("/network/", typed)
    part = signed_in(alice).get("/network/", typed, headers={"HX-Request": "true"})

    address = f"?to={network.rik.id}&amp;from=colleagues"
    assert address in page.text and address in part.text
    assert "<html" in page.text and "<html" not in part.text
    assert str(network.spar.id) not in signed_in(bob).get("/network/", {"name": "spar"}).text


def test_looking_writes_nothing(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice):
        before = Operation.objects.count(), Change.objects.count(), Relation.objects.count()

    signed_in(alice).get("/network/", {"to": str(network.rik.id), "from": "colleagues"})

    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count(), Relation.objects.count()) == before
    assert signed_in(alice).post("/network/").status_code == 405


@pytest.mark.parametrize("name", ["empty", "person", "organization", "colleagues"])
def test_statements(name: str, alice: User, network: Network, signed_in: SignIn) -> None:
    asked: dict[str, str] = {
        "empty": {},
        "person": {"to": str(network.rik.id)},
        "organization": {"to": str(network.vechtdal.id)},
        "colleagues": {"to": str(network.rik.id), "from": "colleagues"},
    }[name]
    client = signed_in(alice)
    client.get("/network/", asked)

    with within_budget(__file__, name):
        assert client.get("/network/", asked).status_code == 200
