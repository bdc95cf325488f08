# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from plein.lists import kinds as kinds_of_lists
from plein.lists.fields import ListField
from plein.lists.kinds import extend_kind
from plein.relations import actions
from plein.relations.models import Relation
from plein.relations.queries import BadCursor, RelationFilter, count_relations, list_relations
from plein.relations.queries.lists import SORTS
from plein.relations.tests.pages import HTMX, at
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def names(wanted: RelationFilter, limit: int = 50) -> list[str]:
    """The names on all pages of a list."""
    found: list[str] = []
    cursor = ""
    while True:
        page = list_relations(wanted, cursor=cursor, limit=limit)
        found += [row.relation.name for row in page.rows]
        cursor = page.next
        if not cursor:
            return found


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{sort}" for sort in SORTS)])
def test_pages_of_any_order_hold_everybody_once(alice: User, bob: User, sort: str) -> None:
    with entered(alice):
        seats = [None, Seat.objects.get(user=alice), Seat.objects.get(user=bob)]
        for number in range(13):
            place = ("", "Zwolle", "Ommen")[number % 3]
            make_person(f"Henk {number % 4}", sort_name=f"henk {number % 4}", place=place, owner=seats[number % 3])

        whole = names(RelationFilter(sort=sort))
        paged = names(RelationFilter(sort=sort), limit=3)
        ids = [row.relation.id for row in list_relations(RelationFilter(sort=sort)).rows]

    assert len(set(ids)) == 13
    assert paged == whole


def test_a_list_sorts_by_surname_and_leaves_who_has_no_place_for_last(alice: User) -> None:
    with entered(alice) as actor:
        for name, place in (("Rik van Dijk", ""), ("Anna Bakker", "Zwolle"), ("Éva Aardema", "Ommen")):
            actions.create_person(actor=actor, name=name, place=place)

        assert names(RelationFilter()) == ["Éva Aardema", "Anna Bakker", "Rik van Dijk"]
        assert names(RelationFilter(sort="-name")) == ["Rik van Dijk", "Anna Bakker", "Éva Aardema"]
        assert names(RelationFilter(sort="place")) == ["Éva Aardema", "Anna Bakker", "Rik van Dijk"]
        assert names(RelationFilter(sort="-place")) == ["Anna Bakker", "Éva Aardema", "Rik van Dijk"]


def test_each_filter_narrows(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        company = make_organization("Van Dijk")
        henk, rik = make_person("Henk Dijk", place="Zwolle"), make_person("Rik Dijk", owner_id=actor.seat_id)
        make_person("Anna Bakker")
        make_membership(henk, company)
        tagging = actions.tag(actor=actor, relation=rik, name="fair")
        actions.set_favourite(actor=actor, relation=henk, is_favourite=True)
        bobs = Seat.objects.get(user=bob).id

        assert names(RelationFilter(q="dijk")) == ["Henk Dijk", "Rik Dijk"]
        assert names(RelationFilter(q="dijkk")) == ["Henk Dijk", "Rik Dijk"]
        assert names(RelationFilter(place="Zwolle")) == ["Henk Dijk"]
        assert names(RelationFilter(owner="me")) == ["Rik Dijk"]
        assert names(RelationFilter(owner="nobody")) == ["Anna Bakker", "Henk Dijk"]
        assert names(RelationFilter(owner=str(bobs))) == []
        assert names(RelationFilter(tag=tagging.tag_id)) == ["Rik Dijk"]
        assert names(RelationFilter(is_favourite=True)) == ["Henk Dijk"]
        assert names(RelationFilter(organization=company.id)) == ["Henk Dijk"]
        assert names(RelationFilter(q="dijk", owner="me")) == ["Rik Dijk"]
        assert names(RelationFilter(kind="organization", q="dijk")) == ["Van Dijk"]
        assert count_relations(RelationFilter(q="dijk")) == 2


def test_a_row_shows_the_role_of_today_and_what_comes_first(alice: User) -> None:
    with entered(alice) as actor:
        rik, company, old = (
            make_person("Rik", owner_id=actor.seat_id),
            make_organization("Van Dijk"),
            make_organization("Oud"),
        )
        make_membership(rik, old, "monteur", ends_on=date(2020, 1, 1))
        make_membership(rik, company, "bedrijfsleider", starts_on=date(2021, 1, 1))
        make_membership(rik, company, "directeur", starts_on=date(2999, 1, 1))
        make_contact_point(rik, "email", "later@example.com")
        make_contact_point(rik, "email", "first@example.com", is_primary=True)

        row = list_relations(RelationFilter()).rows[0]

    assert (row.role, row.organization, row.organization_id) == ("bedrijfsleider", "Van Dijk", company.id)
    assert (row.email, row.phone, row.owner) == ("first@example.com", "", "Alice")


@pytest.mark.parametrize("cursor", ["x", "W10", "WzBd", "WzksICJhIl0", "bnVsbA", "Wy0xXQ", "WzAsIDEsIDJd", "é"])
def test_a_cursor_that_is_none_is_refused(alice: User, signed_in: SignIn, cursor: str) -> None:
    with entered(alice), pytest.raises(BadCursor):
        list_relations(RelationFilter(), cursor=cursor)

    assert signed_in(alice).get(at("person_list"), {"cursor": cursor}).status_code == 400


def test_an_address_full_of_nonsense_is_a_list(alice: User, signed_in: SignIn) -> None:
    nonsense = {"sort": "' OR 1=1", "owner": "x", "tag": "y", "organization": "\x00", "q": "\x00", "place": "\x00a"}

    assert signed_in(alice).get(at("person_list"), nonsense).status_code == 200


def test_the_list_says_what_it_shows_and_how_to_see_more(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        for number in range(60):
            make_person(f"Henk {number:02}", sort_name=f"henk {number:02}", place="Zwolle", owner_id=actor.seat_id)
    client = signed_in(alice)

    page = client.get(at("person_list"), {"place": "Zwolle", "owner": "me"}).content.decode()
    assert "60 people" in page
    assert "Place is Zwolle" in page
    assert "Owner is me" in page
    assert page.count("<tr tabindex") == 50
    more = page.split('class="more-row"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")

    rest = client.get(more, headers=HTMX).content.decode()
    assert rest.count("<tr tabindex") == 10
    assert "<html" not in rest
    assert "more-row" not in rest
    assert "<html" in client.get(more).content.decode()


def test_counting_stops_at_a_thousand(alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plein.lists.query.COUNT_CAP", 3)
    with entered(alice):
        for number in range(9):
            make_person(f"Henk {number}")

    assert "3+ people" in signed_in(alice).get(at("person_list")).content.decode()


def test_an_empty_list_says_what_to_do_first(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    assert "No people yet" in client.get(at("person_list")).content.decode()
    with entered(alice):
        make_person("Alice", is_ours=True)
    ours = client.get(at("person_list")).content.decode()
    assert "our own side" in ours
    assert "No people yet" in ours
    with entered(alice):
        make_person("Henk")
    assert "No people yet" not in client.get(at("person_list")).content.decode()

    nothing = client.get(at("person_list"), {"q": "zzzz", "place": "Zwolle"}).content.decode()
    assert "Nothing fits all of this" in nothing
    assert "Add “zzzz”" in nothing


def test_another_domain_may_add_a_column(alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def load(people: Sequence[Relation]) -> dict[UUID, str]:
        asked.append(len(people))
        return dict.fromkeys([one.id for one in people], "yesterday")

    known = dict(kinds_of_lists._kinds)
    monkeypatch.setattr(kinds_of_lists, "_kinds", known)
    extend_kind("person", fields=[ListField("quiet", "Quiet for", load=load)], columns=["quiet"])
    with entered(alice):
        make_person("Henk")
        make_person("Rik")

    page = signed_in(alice).get(at("person_list")).content.decode()

    assert page.count("yesterday") == 2
    assert asked == [2]


def test_a_guest_chooses_no_rows(alice: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk")
    client = signed_in(gina)

    for act in ("tag", "assign", "delete"):
        address = reverse("lists:bulk", args=["person", act])
        assert client.post(address, {"ids": str(henk.id), "name": "x", "go": "1"}).status_code == 403
    assert 'class="pick"' not in client.get(at("person_list")).content.decode()
    with entered(alice):
        assert Relation.objects.count() == 1
