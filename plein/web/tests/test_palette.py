# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.lists.actions import save_view
from plein.lists.query import ViewQuery
from plein.testing.budgets import within_budget
from plein.testing.factories import (
    make_contact_point,
    make_membership,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]


@pytest.fixture
def furnished(alice: User) -> User:
    with entered(alice):
        henk = make_person("Henk van Dijk", place="Zwolle")
        make_membership(henk, make_organization("Van Dijk Installatietechniek", place="Zwolle"))
        make_contact_point(henk, "phone", "+31628417093")
        make_moment(henk, title="Dijk onder water", text="De offerte voor de warmtepomp.")
        make_todo("Van Dijk bellen")
    return alice


def palette(client: Client, query: str) -> str:
    return client.get("/palette/", {"q": query}, headers={"HX-Request": "true"}).content.decode()


def test_people_come_before_organizations_and_those_before_texts(furnished: User, signed_in: SignIn) -> None:
    lines = palette(signed_in(furnished), "dijk")

    places = [lines.index(words) for words in ("People", "Organizations", "Contact moments", "To do")]
    assert places == sorted(places)
    assert "directeur, Van Dijk Installatietechniek, Zwolle" in lines
    assert "<!doctype" not in lines


@pytest.mark.parametrize("query", ["dijkk henk", "0628417093", "8417 09", "HENK", "dijk henk"])
def test_typing_errors_and_parts_of_numbers_find_people(furnished: User, signed_in: SignIn, query: str) -> None:
    assert "Henk van Dijk" in palette(signed_in(furnished), query)


def test_a_place_is_found_by_its_words(furnished: User, signed_in: SignIn) -> None:
    assert 'data-href="/bin/"' in palette(signed_in(furnished), "recy")
    assert 'data-href="/bin/"' in palette(signed_in(furnished), "bin")


def test_no_result_offers_to_make_one(furnished: User, gina: User, signed_in: SignIn) -> None:
    lines = palette(signed_in(furnished), "Zorggroep <Vechtdal>")

    assert "New person “Zorggroep &lt;Vechtdal&gt;”" in lines and "/organizations/new/?name=Zorggroep" in lines
    assert "New person" not in palette(signed_in(gina), "Zorggroep")


def test_a_stranger_finds_nothing(furnished: User, charlie: User, signed_in: SignIn) -> None:
    client = signed_in(charlie)

    assert "Henk" not in palette(client, "henk") and "Henk" not in client.get("/search/?q=henk").content.decode()


def test_a_moment_that_was_found_says_who_took_part_and_how_it_began(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_moment(make_person("Rik van Dijk"), title="Laaddeur", text="De laaddeur klemt bij vorst.")

    page = signed_in(alice).get("/search/?q=laaddeur").content.decode()

    assert "De laaddeur klemt bij vorst." in page and "<span>Rik van Dijk</span>" in page


def test_the_address_of_the_palette_is_a_page_too(furnished: User, signed_in: SignIn) -> None:
    page = signed_in(furnished).get("/palette/?q=dijk").content.decode()

    assert page.startswith("<!doctype html>") and "Henk van Dijk" in page


@pytest.mark.parametrize("query", ["", " ", "\x00", "%", "a" * 5000, "' OR 1=1 --", ":* & | !", "\u202e", "😀", "\\"])
def test_odd_questions_get_an_answer(furnished: User, signed_in: SignIn, query: str) -> None:
    client = signed_in(furnished)

    assert client.get("/palette/", {"q": query}, headers={"HX-Request": "true"}).status_code == 200
    assert client.get("/search/", {"q": query, "kind": query, "more": query}).status_code == 200


@pytest.mark.parametrize("query", ["dijk", "hekn van dyjk", "warmtepomp", "0628417093", ""])
def test_the_palette_asks_few_questions_of_the_database(furnished: User, signed_in: SignIn, query: str) -> None:
    client = signed_in(furnished)
    palette(client, query)

    with within_budget(__file__, "palette"):
        palette(client, query)


def test_a_saved_view_is_found_by_any_word_of_its_name(furnished: User, gina: User, signed_in: SignIn) -> None:
    with entered(furnished) as actor:
        save_view(actor=actor, name="Quiet customers", query=ViewQuery("organization"), audience="everyone")
        save_view(actor=actor, name="Customers of mine", query=ViewQuery("organization"))

    assert "Quiet customers" in palette(signed_in(furnished), "cust") and "Quiet customers" in palette(
        signed_in(gina), "quiet"
    )
    assert "Customers of mine" not in palette(signed_in(gina), "cust")
