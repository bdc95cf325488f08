# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page around somebody: the picture, its twin, and the contacts of their contacts."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.erasure.actions import erase_subject, subject_of
from plein.network.tests.conftest import Network, tied
from plein.relations.actions import delete_relation, merge_relations
from plein.relations.models import Relation, Tag, Tagging, Tie
from plein.testing.budgets import within_budget
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import Team, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def at(one: Relation) -> str:
    return f"/network/around/{one.id}/"


def shown(text: str) -> set[str]:
    """Whose pages a picture or a table leads to."""
    body = text[text.index('class="graph-scroll"') if 'class="graph-scroll"' in text else text.index("<tbody>") :]
    return set(re.findall(r'href="/relations/([0-9a-f-]{36})/"', body))


def ids(*those: Relation) -> set[str]:
    return {str(one.id) for one in those}


def test_who_is_around_somebody_is_drawn_and_told(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    picture, table = client.get(at(network.rik)), client.get(at(network.rik), {"view": "table"})

    everybody = (network.rik, network.henk, network.ans, network.spar, network.vechtdal, network.alice)
    assert shown(picture.text) == ids(*everybody)
    assert shown(table.text) == ids(*everybody[1:])
    assert "Henk Vos, strength 4 of 4" in picture.text and "Alice, strength 4 of 4, through Henk Vos" in picture.text
    assert "Rik Jansen: friend of Henk Vos" in table.text and "Nearest through Henk Vos" in table.text
    assert client.get(at(network.rik)).text.split("<svg class")[1] == picture.text.split("<svg class")[1]


def test_a_colleague_sees_another_picture_and_a_stranger_none(
    alice: User, bob: User, charlie: User, network: Network, signed_in: SignIn
) -> None:
    before = signed_in(bob).get(at(network.rik)).text.split("<svg class")[1]
    assert str(network.spar.id) not in before and "Piet Spar" not in before
    with entered(alice):
        hidden = make_person("Wie Dan", circle_id=only_me())
        tied(hidden, network.rik, "friend")
        tied(hidden, network.henk, "friend")
        tied(network.ans, network.henk, "friend", own_circle_id=only_me())

    assert signed_in(bob).get(at(network.rik)).text.split("<svg class")[1] == before
    for view in ("picture", "table", "contacts"):
        assert signed_in(bob).get(at(network.spar), {"view": view}).status_code == 404
        assert signed_in(charlie).get(at(network.rik), {"view": view}).status_code == 404


def test_it_may_be_of_some_ties_only(alice: User, network: Network, signed_in: SignIn) -> None:
    client = signed_in(alice)
    friends = shown(client.get(at(network.rik), {"tie": "friend"}).text)
    assert friends == ids(network.rik, network.henk, network.spar, network.alice)
    lately = shown(client.get(at(network.alice), {"tie": "contact", "period": "90d"}).text)
    assert lately == ids(network.alice, network.henk)
    year = shown(client.get(at(network.alice), {"tie": "contact", "period": "365d"}).text)
    assert year == ids(network.alice, network.henk, network.ans)
    wrong = client.get(at(network.rik), {"tie": "bewonders"})
    assert wrong.status_code == 422 and "That is no choice here" in wrong.text


def test_ended_ties_are_of_ever_and_those_to_come_of_no_time(alice: User, network: Network, signed_in: SignIn) -> None:
    today = now().date()
    with entered(alice):
        old, new = make_person("Oude Bekende"), make_person("Nieuwe Bekende")
        tied(old, network.rik, ends_on=today - timedelta(days=500))
        tied(new, network.rik, starts_on=today + timedelta(days=5))
    client = signed_in(alice)
    seen = {one: shown(client.get(at(network.rik), {"period": one}).text) for one in ("now", "365d", "ever")}

    assert [str(old.id) in seen[one] for one in ("now", "365d", "ever")] == [False, False, True]
    assert not any(str(new.id) in each for each in seen.values())
    assert 'class="tie own over' in client.get(at(network.rik), {"period": "ever"}).text


def test_it_may_be_of_some_people_only_with_who_is_between(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        far = make_person("Verre Vriend")
        tied(far, network.henk)
        firm, team = make_organization("Isala"), Team.objects.get(name="Sales")
        make_membership(far, firm)
        if not team.members.filter(seat_id=actor.seat_id).exists():
            with operation("add_team_member"):
                team.members.create(seat_id=actor.seat_id)
    client = signed_in(alice)

    assert shown(client.get(at(network.rik), {"group": str(firm.id)}).text) == ids(network.rik, network.henk, far)
    ours = shown(client.get(at(network.rik), {"group": str(team.id)}).text)
    assert ours == ids(network.rik, network.henk, network.alice)
    assert client.get(at(network.rik), {"group": str(new_id())}).status_code == 404
    assert client.get(at(network.rik), {"group": "isala"}).status_code == 422


def test_nobody_around_and_one_person_alone_say_what_to_do(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        alone, firm = make_person("Alleen"), make_organization("Leeg")
    client = signed_in(alice)

    for one in (alone, firm):
        for view in ("picture", "table"):
            page = client.get(at(one), {"view": view})
            assert page.status_code == 200 and f"Nobody is around {one.name} yet" in page.text
    assert "Nobody is this far away" in client.get(at(alone), {"view": "contacts"}).text
    assert "Nobody, with these choices" in client.get(at(alone), {"tie": "family"}).text


def test_of_somebody_whom_hundreds_know_the_nearest_are_drawn(alice: User, signed_in: SignIn) -> None:
    with entered(alice), operation("add_tie"):
        hub = make_person("Spin in het Web")
        people = Relation.objects.bulk_create(
            Relation(kind="person", name=f"Draad {n}", sort_name=f"draad {n:03}") for n in range(620)
        )
        Tie.objects.bulk_create(Tie(one=hub, other=one, kind="friend") for one in people)
    client = signed_in(alice)

    assert len(shown(client.get(at(hub)).text)) == 101
    assert len(shown(client.get(at(hub), {"most": "300"}).text)) == 301
    assert client.get(at(hub), {"most": "620"}).status_code == 422
    contacts = client.get(at(hub), {"view": "contacts", "degree": "1", "page": "13"})
    assert "601–620 of 620" in contacts.text


def test_merged_and_removed_people_are_not_there(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        merge_relations(actor=actor, into=network.henk, other=network.ans)
        delete_relation(actor=actor, relation=network.spar)
    client = signed_in(alice)

    there = shown(client.get(at(network.rik)).text)
    assert there == ids(network.rik, network.henk, network.vechtdal, network.alice)
    assert client.get(at(network.spar)).status_code == 404


def test_the_erased_are_in_no_picture_and_no_list(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        subject = subject_of(actor=actor, relation_id=network.henk.id)
        assert subject is not None
        erase_subject(actor=actor, subject_id=subject)
    client = signed_in(alice)

    assert shown(client.get(at(network.rik)).text) == ids(
        network.rik, network.ans, network.spar, network.vechtdal, network.alice
    )
    assert client.get(at(network.henk)).status_code == 404
    for address in (f"{at(network.rik)}?view=contacts", "/network/lists/", "/network/lists/?list=alone"):
        assert "Henk Vos" not in client.get(address).text


def test_contacts_of_contacts_are_counted_chosen_and_paged(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice), operation("tag_relation"):
        for number in range(60):
            one = make_person(f"Bekende {number:02}", place="Zwolle" if number % 2 else "Epe")
            tied(network.henk, one)
            if number < 3:
                Tagging.objects.create(relation=one, tag=Tag.objects.get_or_create(name="Beurs")[0])
        make_membership(one, make_organization("Isala"), role="Hoofdinkoper")
    client = signed_in(alice)

    def ask(**wanted: str) -> str:
        page = client.get(at(network.rik), {"view": "contacts", **wanted})
        assert page.status_code == 200
        return page.text

    assert "1–50 of 61" in ask() and "51–61 of 61" in ask(page="2")
    assert "1–30 of 30" in ask(place="zwolle") and "1–3 of 3" in ask(tag="beurs")
    found = ask(role="inkoper")
    assert "1–1 of 1" in found and "Bekende 59" in found and "Henk Vos</a>" in found
    with entered(alice):
        isala = Relation.objects.get(name="Isala")
        make_organization("Isala Meppel")
    for named in ({"works_at": "isala"}, {"organization": str(isala.id)}):
        found = ask(**named)
        assert "1–1 of 1" in found and f'name="organization" value="{isala.id}"' in found and 'value="Isala"' in found
    chosen = {"organization": str(isala.id), "works_at": "Isala"}
    assert "1–1 of 1" in ask(**chosen) and "1–50 of 61" in ask(**chosen | {"works_at": ""})
    which = ask(works_at="isa")
    assert "Which organization?" in which and f"organization={isala.id}" in which and "1–50 of 61" in which
    assert "No organization here is called so" in ask(works_at="Nergens")
    assert "Ans Bos" in ask(degree="1") and "Nobody is this far away" in ask(degree="3")
    for wrong in ({"degree": "4"}, {"page": "0"}, {"place": "x" * 200}, {"organization": "isala"}):
        assert client.get(at(network.rik), {"view": "contacts", **wrong}).status_code == 422
    nowhere = {"view": "contacts", "organization": str(new_id())}
    assert client.get(at(network.rik), nowhere).status_code == 404


def test_whom_two_people_both_know_stands_on_a_page_a_card_and_a_pane(
    alice: User, bob: User, charlie: User, network: Network, signed_in: SignIn
) -> None:
    client, both = signed_in(alice), {"a": str(network.alice.id), "b": str(network.rik.id)}
    page = client.get("/network/mutual/", both)
    card = client.get("/network/mutual/", both, headers={"HX-Request": "true"})
    aside = client.get("/network/mutual/", {"b": both["b"], "part": "aside"}, headers={"HX-Request": "true"})

    for each in (page.text, aside.text):
        assert "Henk Vos" in each and "Ans Bos" in each and "Piet Spar" in each
    assert "Both know 3 people" in page.text and "You both know" in aside.text
    assert "nearest way is through Henk Vos" in card.text and "<html" not in card.text
    assert "Piet Spar" not in signed_in(bob).get("/network/mutual/", both).text
    hidden = {"a": both["a"], "b": str(network.spar.id)}
    assert signed_in(bob).get("/network/mutual/", hidden).status_code == 404
    assert signed_in(charlie).get("/network/mutual/", both).status_code == 404
    assert "make yourself one of the people" in signed_in(bob).get("/network/mutual/", {"b": both["b"]}).text
    assert "one and the same" in client.get("/network/mutual/", {"b": both["a"]}).text
    assert client.get("/network/mutual/", {"b": "rik"}).status_code == 422


def test_looking_around_writes_nothing(alice: User, network: Network, signed_in: SignIn) -> None:
    with entered(alice):
        before = Operation.objects.count()
    client = signed_in(alice)
    for view in ("picture", "table", "contacts"):
        client.get(at(network.rik), {"view": view})
    client.get("/network/mutual/", {"b": str(network.rik.id)})

    with entered(alice):
        assert Operation.objects.count() == before
    assert client.post(at(network.rik)).status_code == 405
    assert client.post("/network/mutual/").status_code == 405


@pytest.mark.parametrize("name", ["picture", "table", "group", "contacts", "both"])
def test_statements(name: str, alice: User, network: Network, signed_in: SignIn) -> None:
    group: UUID = network.vechtdal.id
    address, asked = {
        "picture": (at(network.rik), {}),
        "table": (at(network.rik), {"view": "table"}),
        "group": (at(network.rik), {"view": "table", "group": str(group)}),
        "contacts": (at(network.rik), {"view": "contacts", "degree": "3", "organization": str(group)}),
        "both": ("/network/mutual/", {"b": str(network.rik.id)}),
    }[name]
    client = signed_in(alice)
    client.get(address, asked)

    with within_budget(__file__, name):
        assert client.get(address, asked).status_code == 200
