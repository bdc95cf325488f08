# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the page of somebody: whether I know them, and else who leads there."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.network.tests.conftest import Network, seated, tied
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def panel(client: Client, relation: Relation) -> str:
    """The part of the pane, on one line."""
    part = client.get(f"/relations/{relation.id}/introductions/", headers=HTMX)
    assert part.status_code == 200 and "<html" not in part.text
    return " ".join(part.text.split())


def test_whom_i_know_i_need_no_introduction_to(alice: User, network: Network, signed_in: SignIn) -> None:
    text = panel(signed_in(alice), network.henk)

    assert "You know Henk" in text and "You and Henk had 3 conversations, the last one 5 days ago." in text


def test_a_tie_that_is_not_for_asking_still_says_that_i_know_them(
    alice: User, network: Network, signed_in: SignIn
) -> None:
    with entered(alice):
        sister = make_person("Els Smit")
        tied(network.alice, sister, "family")

    assert "You and Els are family." in panel(signed_in(alice), sister)


def test_otherwise_it_says_who_leads_there(alice: User, bob: User, network: Network, signed_in: SignIn) -> None:
    for where in (network.rik, network.vechtdal):
        text = panel(signed_in(alice), where)
        assert "Who can introduce me" in text and "Henk Vos" in text and f"?to={where.id}" in text
    text = panel(signed_in(bob), network.rik)
    assert "Alice and Henk Vos had 3 conversations" in text and "&amp;from=colleagues" in text

    with entered(alice):
        lonely = make_person("Kees Alleen")
    assert "Nobody of us knows somebody who knows them yet." in panel(signed_in(alice), lonely)


def test_whom_nobody_of_us_has_met_is_said_before_the_way(
    alice: User, bob: User, network: Network, signed_in: SignIn
) -> None:
    said = "Nobody of us has met Rik yet."
    text = panel(signed_in(alice), network.rik)
    assert said in text and text.index(said) < text.index("Henk Vos")
    assert "Nobody of us knows somebody there yet." in panel(signed_in(alice), network.vechtdal)
    assert "has met" not in panel(signed_in(bob), network.henk) and "has met" not in panel(
        signed_in(alice), network.henk
    )

    with entered(bob) as actor:
        bobs = actor.seat_id
    with entered(alice):
        colleague = make_person("Bob")
        seated(colleague, bobs)
        # A tie over which one may not ask leads nowhere; they are no stranger for it.
        tied(colleague, network.rik, "family")
    text = panel(signed_in(alice), network.rik)
    assert "has met" not in text and "Henk Vos" in text
    assert "Nobody of us knows somebody there yet." not in panel(signed_in(alice), network.vechtdal)


def test_who_may_not_see_somebody_learns_nothing(bob: User, charlie: User, network: Network, signed_in: SignIn) -> None:
    for user, one in ((bob, network.spar), (charlie, network.rik)):
        assert signed_in(user).get(f"/relations/{one.id}/introductions/", headers=HTMX).status_code == 404
    assert "Piet Spar" not in panel(signed_in(bob), network.rik)


def test_without_a_script_it_leads_to_the_page(alice: User, network: Network, signed_in: SignIn) -> None:
    answer = signed_in(alice).get(f"/relations/{network.rik.id}/introductions/")

    assert (answer.status_code, answer["Location"]) == (302, f"/network/?to={network.rik.id}")


def test_the_door_is_on_the_page_and_in_the_palette(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    door = f'hx-get="/relations/{network.rik.id}/introductions/"'

    assert door in client.get(f"/relations/{network.rik.id}/").text
    own = f"/relations/{network.alice.id}/"
    assert f"{own}introductions/" not in client.get(own).text
    lines = client.get("/palette/", {"q": "rik jans"}, headers=HTMX).text
    assert "Who can introduce me to Rik Jansen" in lines and f"/network/?to={network.rik.id}" in lines
    assert 'data-href="/network/"' in client.get("/palette/", {"q": "introduce"}, headers=HTMX).text


@pytest.mark.parametrize(
    ("typed", "words", "address"),
    [
        ("whom we", "Whom we know together", "/network/lists/"),
        ("nobody of", "Nobody of us knows them yet", "/network/lists/?list=unmet"),
        ("only one", "Only one of us knows them", "/network/lists/?list=alone"),
        ("silent", "Once strong, silent now", "/network/lists/?list=silent"),
        ("knows them best", "Who knows them best", "/network/lists/?list=best"),
        ("connects", "Who connects groups", "/network/lists/?list=between"),
        ("only ties", "Only ties", "/network/lists/?list=only"),
        ("two people", "Whom two people both know", "/network/mutual/"),
        ("rik jans", "Whom Rik Jansen and you both know", "/network/mutual/?b={rik}"),
        ("rik jans", "Contacts of contacts of Rik Jansen", "/network/around/{rik}/?view=contacts"),
    ],
)
def test_what_the_network_answers_is_in_the_palette(
    typed: str, words: str, address: str, alice: User, network: Network, signed_in: SignIn
) -> None:
    client, href = signed_in(alice), address.format(rik=network.rik.id)
    lines = client.get("/palette/", {"q": typed}, headers=HTMX).text

    assert f'data-href="{href}"' in lines and words in lines
    assert client.get(href).status_code == 200


def test_of_an_organization_one_asks_for_introductions_alone(alice: User, network: Network, signed_in: SignIn) -> None:
    lines = signed_in(alice).get("/palette/", {"q": "vechtdal"}, headers=HTMX).text
    assert "Who can introduce me to Zorggroep Vechtdal" in lines
    assert "both know" not in lines and "Contacts of contacts" not in lines


@pytest.mark.parametrize("name", ["knowing", "knowing_not"])
def test_statements(name: str, alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    address = f"/relations/{(network.henk if name == 'knowing' else network.rik).id}/introductions/"
    client.get(address, headers=HTMX)

    with within_budget(__file__, name):
        assert client.get(address, headers=HTMX).status_code == 200
