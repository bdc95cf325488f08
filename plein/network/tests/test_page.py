# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page "Who can introduce me to …"."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import translation
from django.utils.html import format_html

from plein.consent.actions import set_own_choice
from plein.core.ids import new_id, now
from plein.core.models import Change, Operation
from plein.core.operations import operation
from plein.network import slots
from plein.network.prose import in_short, story
from plein.network.queries import Evidence
from plein.network.slots import ChosenWay, register_ask
from plein.network.tests.conftest import Network, seated, tied
from plein.network.vocabulary import Ground
from plein.relations.models import Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.factories import make_decision, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def shown(client: Client, **asked: object) -> str:
    """The page, on one line."""
    page = client.get("/network/", {key: str(value) for key, value in asked.items()})
    assert page.status_code == 200
    return " ".join(page.text.split())


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


def test_a_card_says_what_each_step_rests_on(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        make_decision(actor, network.henk, "introductions", "given")
        tied(network.ans, network.vechtdal)
    text = shown(signed_in(alice), to=network.rik.id)

    assert "You and Henk Vos had 3 conversations, the last one 5 days ago. Henk and Rik are friends." in text
    assert (
        "You and Ans Bos had 1 conversation, 8 months ago. Ans and Rik know each other (koor, since May 2019)." in text
    )
    assert text.count("One step") == 3 and text.count("Last contact 8 months ago") == 1
    assert text.count("Henk is happy to introduce") == 1 and "Ans is happy" not in text
    assert "Hoofd inkoop, Zorggroep Vechtdal" in text


def test_what_may_not_be_used_in_asking_is_not_told(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice):
        tied(network.ans, network.rik, "family", note="zus")
        tied(network.henk, network.rik, own_circle_id=only_me(), note="samen in therapie")
    text = shown(signed_in(alice), to=network.rik.id) + shown(signed_in(alice), to=network.rik.id, view="table")

    assert "Ans and Rik know each other" in text and "Henk and Rik are friends" in text
    for words in ("family", "zus", "Family tie", "therapie"):
        assert words not in text


def test_a_tie_of_a_kind_of_ones_own_reads_as_it_was_named() -> None:
    evidence = Evidence(Ground.OWN, 0.4, words="is mentor of", starts_on=date(2024, 3, 1))

    with translation.override("en"):
        assert story(evidence, "Henk", "Rik", now()) == "Henk is mentor of Rik (since March 2024)."
        assert in_short(evidence, now()) == ["is mentor of"]


def test_a_way_can_be_chosen_without_a_script(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    chosen = re.compile(r'id="path-(\d)"[^>]*aria-current="true"')
    address = {"to": str(network.rik.id), "path": "3"}

    assert chosen.findall(client.get("/network/", {**address, "path": "1"}).text) == ["1"]
    assert chosen.findall(client.get("/network/", {**address, "path": "99"}).text) == ["1"]
    page = client.get("/network/", address)
    part = client.get("/network/", address, headers={"HX-Request": "true"})
    assert chosen.findall(page.text) == chosen.findall(part.text) == ["3"]
    assert "<html" in page.text and part.text.lstrip().startswith('<div id="ways"')
    assert len(re.findall(r'class="edge on"', page.text)) == 2


def test_the_picture_has_everybody_once_and_leads_to_them(alice: User, network: Network, signed_in: SignIn) -> None:
    page = signed_in(alice).get("/network/", {"to": str(network.rik.id)})
    picture = page.text[page.text.index('<svg class="graph"') : page.text.index("</svg>", page.text.index('graph"'))]

    people = (network.alice, network.henk, network.ans, network.spar, network.rik)
    assert sorted(re.findall(r'href="/relations/([0-9a-f-]+)/"', picture)) == sorted(str(one.id) for one in people)
    assert picture.count('class="edge') == 6
    assert "3 conversations" in picture and "friends" in picture and "koor" in picture


def test_the_table_says_the_same(alice: User, network: Network, signed_in: SignIn) -> None:
    text = shown(signed_in(alice), to=network.rik.id, view="table")

    assert '<svg class="graph"' not in text and "<table" in text
    assert "You and Henk Vos had 3 conversations, the last one 5 days ago." in text
    assert "3 times together, last 5 days ago, both ways 100 %" in text
    for one in (network.henk, network.ans, network.spar):
        assert f'href="/relations/{one.id}/"' in text


def test_ways_through_people_who_asked_not_to_be_asked_are_only_counted(
    alice: User, network: Network, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        make_decision(actor, network.ans, "introductions", "refused")
    text = shown(signed_in(alice), to=network.rik.id)

    assert "Not used: 1 path through people who may not be asked" in text
    assert "Ans Bos" not in text


@pytest.mark.parametrize("name", ["nobody", "me", "shut", "firm", "personless"])
def test_where_there_is_no_way_it_says_what_to_do(
    name: str, alice: User, bob: User, network: Network, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        lonely = make_person("Kees Alleen")
        shut = make_person("Rust Roest")
        with operation("set_do_not_contact"):
            Relation.objects.filter(id=shut.id).update(do_not_contact=True, do_not_contact_reason="Vroeg het zelf.")
        to = {"nobody": lonely, "me": network.alice, "shut": shut, "firm": make_organization("Leeg BV")}
        del actor
    user = bob if name == "personless" else alice
    text = shown(signed_in(user), to=to.get(name, network.rik).id)

    words = {
        "nobody": "Nobody you know knows somebody who knows Kees yet",
        "me": "That is you",
        "shut": "Rust is not to be contacted",
        "firm": "Plein looks for anybody who works at Leeg BV",
        "personless": "Plein does not know whom you know yet",
    }
    assert words[name] in text and '<svg class="graph"' not in text


def test_long_names_and_hubs_are_cut_down_to_what_fits(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice):
        long = make_person("Wilhelmina " * 18, headline="x" * 200)
        tied(network.henk, long)
        tied(long, network.rik, note="z" * 300)
        with operation("add_tie"):
            Tie.objects.bulk_create(
                Tie(one=network.henk, other=other, kind="knows")
                for other in Relation.objects.bulk_create(
                    Relation(kind="person", name=f"Gast {number}", sort_name=f"gast {number}") for number in range(300)
                )
            )
    page = signed_in(alice).get("/network/", {"to": str(long.id)})

    assert page.status_code == 200 and page.text.count('class="hint"') <= 12
    names = re.findall(r"<text[^>]*>([^<]*)</text>", page.text)
    assert "z" * 61 not in page.text and max(map(len, names)) <= 40


def test_a_colleague_is_chosen_by_name(alice: User, bob: User, gina: User, network: Network, signed_in: SignIn) -> None:
    with entered(bob) as actor:
        bobs = actor.seat_id
    with entered(gina) as actor:
        ginas = actor.seat_id
        set_own_choice(actor=actor, is_open=False)
    with entered(alice):
        one, other = make_person("Bob de Wit"), make_person("Gina Groen")
        seated(one, bobs)
        seated(other, ginas)
        tied(one, network.rik)
    client, asked = signed_in(alice), {"to": str(network.rik.id), "view": "table"}

    page = client.get("/network/", asked)
    assert "From a colleague" in page.text and "choose=from" in page.text
    part = client.get("/network/", {**asked, "choose": "from"}, headers={"HX-Request": "true"}).text
    whole = client.get("/network/", {**asked, "choose": "from"}).text
    for text in (part, whole):
        assert "Bob de Wit" in text and "Gina Groen" not in text and "Alice" not in part
    [address] = re.findall(r'href="(\?[^"]*)"', part)
    text = " ".join(client.get("/network/" + address.replace("&amp;", "&")).text.split())

    assert f"to={network.rik.id}&amp;from={one.id}&amp;view=table" in address
    assert "Who can introduce Bob de Wit to" in text and ">Bob de Wit</span>" in text
    assert "Bob de Wit and Rik know each other." in text
    assert "One step" in text and "Directly" not in text


@pytest.mark.parametrize("view", ["picture", "table", "none"])
def test_it_can_be_shouted_across_the_square(view: str, alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice):
        nobody = make_person("Ida Kok")
    client, to = signed_in(alice), nobody if view == "none" else network.rik
    page = client.get("/network/", {"to": str(to.id), "view": view})
    [address] = re.findall(r'class="link" href="(/questions/new/[^"]*)"', page.text)
    assert page.text.count("Nobody suitable?") == (view != "none")

    form = client.get(address)
    assert form.status_code == 200 and f"Who knows {to.name}, and can introduce me?</textarea>" in form.text


def test_one_who_is_left_alone_is_not_shouted_about(
    alice: User, gina: User, network: Network, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    assert "Who+knows+somebody+at+Zorggroep+Vechtdal" in shown(client, to=network.vechtdal.id)
    assert "/questions/new/" not in shown(client, to=network.alice.id)
    assert "/questions/new/" not in shown(signed_in(gina), to=network.rik.id)
    with entered(alice), operation("set_do_not_contact"):
        Relation.objects.filter(id=network.rik.id).update(do_not_contact=True)
    assert "/questions/new/" not in shown(client, to=network.rik.id)


def test_what_was_removed_meanwhile_is_not_there(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice), operation("delete_relation"):
        Relation.objects.filter(id__in=[network.rik.id]).delete()

    assert client.get("/network/", {"to": str(network.rik.id)}).status_code == 404
    assert client.get(f"/relations/{network.rik.id}/introductions/").status_code == 404


def test_another_domain_puts_a_bar_below_the_chosen_way(
    alice: User, network: Network, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "asks", [])
    monkeypatch.setattr("plein.network.views.introducing.asks", slots.asks)

    def bar(request: HttpRequest, way: ChosenWay) -> str:
        del request
        return format_html("<b>Ask {} for {}, {}</b>", way.asked[0].name, way.to.name, way.number)

    register_ask(bar)
    register_ask(bar)
    text = shown(signed_in(alice), to=network.rik.id, path=3)

    assert text.count("<b>Ask Ans Bos for Rik Jansen, 3</b>") == 1


@pytest.fixture
def far(alice: User, network: Network) -> Relation:
    """Somebody to whom it takes four ties from Alice, with some on the way who may not be asked."""
    with entered(alice) as actor:
        one, two, other, end = (make_person(name) for name in ("Een", "Twee", "Ander", "Eind"))
        for near, next_one in ((network.henk, one), (network.henk, other), (one, two), (other, two), (two, end)):
            tied(near, next_one)
        make_decision(actor, other, "introductions", "refused")
        return end


@pytest.mark.parametrize("name", ["empty", "person", "organization", "colleagues", "far"])
def test_statements(name: str, bob: User, network: Network, far: Relation, signed_in: SignIn) -> None:
    asked: dict[str, str] = {
        "empty": {},
        "person": {"to": str(network.rik.id), "from": str(network.alice.id)},
        "organization": {"to": str(network.vechtdal.id), "from": "colleagues"},
        "colleagues": {"to": str(network.rik.id), "from": "colleagues"},
        "far": {"to": str(far.id), "from": "colleagues"},
    }[name]
    client = signed_in(bob)
    client.get("/network/", asked)

    with within_budget(__file__, name):
        assert client.get("/network/", asked).status_code == 200
