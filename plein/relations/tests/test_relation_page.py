# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client

from plein.relations import slots
from plein.relations.models import Membership, Relation, Tie
from plein.relations.tests.pages import HTMX, at, fill, statements
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
BUDGETS: dict[str, int] = json.loads((Path(__file__).parent / "query_counts.json").read_text())
#: What is opened here; the other budgets are those of `test_many_pages.py`.
PAGES = (
    "person",
    "organization",
    "person list",
    "person list, everything set",
    "organization list",
    "new person",
    "edit",
    "filters",
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def test_a_page_tells_the_whole_story(alice: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)

    person = client.get(at("relation", full.person)).content.decode()
    organization = client.get(at("relation", full.organization)).content.decode()

    for words in ("Rik van Dijk", "directeur at", "rik@example.com", "fair", "sailing", "14 December", "Everyone here"):
        assert words in person, words
    assert "Who works here" in organization
    assert "knows" in organization


def test_it_says_who_sees_what_is_hidden(alice: User, signed_in: SignIn) -> None:
    full = fill(alice, circle_key="me")

    assert "Only you see this" in signed_in(alice).get(at("relation", full.person)).content.decode()


def test_markup_in_a_name_stays_text(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        one = make_person("<script>alert(1)</script>", headline='"><img src=x>', place="{{ 7|add:7 }}")

    for address in (at("relation", one.id), at("person_list"), at("card", one.id), at("delete", one.id)):
        page = signed_in(alice).get(address, headers=HTMX if "card" in address else {}).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


def test_other_domains_fill_their_places(alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def fact(relation: Relation) -> slots.Fact:
        return slots.Fact("Last contact", f"yesterday with {relation.name}")

    def panel(request: HttpRequest, relation: Relation) -> str:
        return f"timeline of {relation.name}"

    monkeypatch.setattr("plein.relations.views.answers.facts", [fact])
    monkeypatch.setattr("plein.relations.views.record.panels", [panel])
    full = fill(alice)

    page = signed_in(alice).get(at("relation", full.person)).content.decode()

    assert "yesterday with Rik van Dijk" in page
    assert "timeline of Rik van Dijk" in page


def test_an_organization_shows_its_people_and_where_to_find_the_rest(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        company = make_organization("Van Dijk")
        for number in range(12):
            make_membership(make_person(f"Henk {number:02}", sort_name=f"henk {number:02}"), company)

    page = signed_in(alice).get(at("relation", company.id)).content.decode()

    assert f"?organization={company.id}" in page
    assert "Henk 07" in page
    assert "Henk 08" not in page


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_to_its_number_of_queries(
    alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr("plein.relations.views.record.panels", [])
    monkeypatch.setattr("plein.relations.views.answers.facts", [])
    full = fill(alice)
    with entered(alice):
        for number in range(60):
            make_membership(make_person(f"Henk {number}"), make_organization(f"Bedrijf {number}"))
    addresses = {
        "person": at("relation", full.person),
        "organization": at("relation", full.organization),
        "person list": at("person_list"),
        "person list, everything set": f"{at('person_list')}?q=rik&place=Zwolle&owner=me&tag={full.tag}"
        f"&organization={full.organization}&favourite=1&sort=-place",
        "organization list": at("organization_list"),
        "new person": at("person_create"),
        "edit": at("edit", full.person),
        "filters": "/lists/person/filter/",
    }

    assert len(statements(signed_in(alice), addresses[page])) == BUDGETS[page]
    assert BUDGETS[page] <= 12


def test_a_favourite_is_kept_at_hand(alice: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)

    star = client.post(at("favourite", full.person), {"favourite": "1"}, headers=HTMX).content.decode()

    assert 'aria-pressed="true"' in star
    assert "Rik van Dijk" in client.get(at("person_list"), {"favourite": "1"}).content.decode()
    assert (
        'aria-pressed="false"'
        in client.post(at("favourite", full.person), {"favourite": "0"}, headers=HTMX).content.decode()
    )


def test_a_deleted_relation_is_gone_and_says_how_it_comes_back(alice: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)

    page = client.post(at("delete", full.person), follow=True).content.decode()

    assert "is in the recycle bin" in page
    assert client.get(at("relation", full.person)).status_code == 404


def test_the_far_side_is_chosen_named_or_new(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk")
        bakers = [make_organization("Bakker"), make_organization("Bakker")]
    client = signed_in(alice)
    here = at("membership_add", henk.id)

    for sent, words in (({}, "Say whom you mean"), ({"other_name": "bakker"}, "Choose which one")):
        refused = client.post(here, sent, headers=HTMX)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert client.post(here, {"other_name": "bakker", "other": str(bakers[1].id)}, headers=HTMX).status_code == 200
    too = {"change": "also"}
    assert client.post(here, {"other_name": "bakker", "other": "new", **too}, headers=HTMX).status_code == 200
    assert client.post(here, {"other_name": "Iets heel anders", **too}, headers=HTMX).status_code == 200
    unknown = client.post(at("tie_add", henk.id), {"other_name": "Niemand", "kind": "family:out"}, headers=HTMX)

    assert "There is nobody of that name" in unknown.content.decode()
    with entered(alice):
        assert Membership.objects.count() == 3
        assert Relation.objects.filter(name="bakker").count() == 1
        assert not Tie.objects.exists()


def test_a_photo_is_a_picture_of_some_size(alice: User, bob: User, charlie: User, signed_in: SignIn) -> None:
    full = fill(alice)
    client = signed_in(alice)
    here = at("photo_change", full.person)

    for data, words in (
        (b"<svg onload=alert(1)>", "something else"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (5 * 1024 * 1024), "5 MB"),
    ):
        refused = client.post(here, {"photo": SimpleUploadedFile("a.png", data, "image/png")})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert client.get(at("photo", full.person)).status_code == 404
    client.post(here, {"photo": SimpleUploadedFile("a.html", PNG, "text/html")})
    shown = signed_in(bob).get(at("photo", full.person))

    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert signed_in(bob).get(at("photo", full.person), headers={"If-None-Match": shown["ETag"]}).status_code == 304
    assert signed_in(charlie).get(at("photo", full.person)).status_code == 404
    assert at("photo", full.person) in client.get(at("relation", full.person)).content.decode()
    client.post(here, {"remove": "1"})
    assert client.get(at("photo", full.person)).status_code == 404
