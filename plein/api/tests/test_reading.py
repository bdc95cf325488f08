# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta
from typing import Any

import pytest

from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import fill
from plein.core.ids import new_id, now
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered


def every_page(caller: Caller, path: str, **query: Any) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = caller.read(path, cursor=cursor, **query)
        assert set(page) == {"items", "next"} and len(page["items"]) <= query.get("limit", 50)
        items += page["items"]
        cursor = page["next"]
    return items


def make_company(alice: User) -> None:
    with entered(alice):
        for number in range(7):
            make_person(f"Persoon {number}", place=["", "Ommen", "Zwolle"][number % 3])
            make_organization(f"Organisatie {number}", place=["Zwolle", "", "Assen"][number % 3])


def test_a_list_of_people_tells_where_they_work_and_how_to_reach_them(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)

    item = calling(cast.bob).read("/relations", kind="person")["items"][0]

    assert item["id"] == str(world.person) and item["kind"] == "person" and item["name"] == "Henk van Dijk"
    assert item["organization"]["name"] == "Van Dijk Installatietechniek" and item["role"] == "directeur"
    assert item["email"] == "henk@vandijk.example" and item["created_at"].endswith("Z")


@pytest.mark.parametrize("kind", ["person", "organization", ""])
@pytest.mark.parametrize("sort", ["name", "place", "updated", "created", "-name", "-place", "-updated", "-created"])
def test_pages_follow_each_other_in_every_order(cast: Cast, calling: Calling, kind: str, sort: str) -> None:
    make_company(cast.alice)
    caller = calling(cast.bob)

    whole = every_page(caller, "/relations", kind=kind, sort=sort, limit=200)
    in_pages = every_page(caller, "/relations", kind=kind, sort=sort, limit=3)

    assert [item["id"] for item in in_pages] == [item["id"] for item in whole]
    assert len({item["id"] for item in whole}) == (7 if kind else 14)
    field = {"name": "name", "place": "place", "updated": "updated_at", "created": "created_at"}[sort.lstrip("-")]
    values = [item[field] for item in whole if item[field]]
    assert values == sorted(values, reverse=sort.startswith("-"))


@pytest.mark.parametrize("kind", ["person", ""])
def test_a_list_finds_by_a_beginning_and_forgives_a_typo(cast: Cast, calling: Calling, kind: str) -> None:
    with entered(cast.alice):
        make_person("Willem Noordhoek")
        make_organization("Elders")
    caller = calling(cast.bob)

    for words in ("wil", "noordhoek w", "nordhoek", " Noordhoeck "):
        names = [item["name"] for item in caller.read("/relations", kind=kind, q=words)["items"]]
        assert names == ["Willem Noordhoek"], words


def test_a_relation_shows_all_that_hangs_on_it(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.bob)

    person = caller.read(f"/relations/{world.person}")
    organization = caller.read(f"/relations/{world.organization}")

    assert person["memberships"][0]["relation"]["id"] == str(world.organization)
    assert [point["value"] for point in person["contact_points"]] == ["henk@vandijk.example"]
    assert [one["relation"]["name"] for one in organization["memberships"]] == ["Henk van Dijk"]
    assert person["seen_by"] == "Everyone here sees this"


def test_a_timeline_goes_back_page_by_page_and_tells_what_is_coming(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        person = make_person()
        made = [make_moment(person, title=f"{day}", occurred_at=now() - timedelta(days=day)).id for day in range(1, 8)]
        planned = make_moment(person, state="planned", occurred_at=now() + timedelta(days=1), kind="visit").id
    caller = calling(cast.bob)
    path = f"/relations/{person.id}/timeline"

    assert [item["id"] for item in every_page(caller, path, limit=3)] == [str(one) for one in made]
    assert [item["id"] for item in caller.read(path, when="coming")["items"]] == [str(planned)]
    assert caller.read(path, kind="email")["items"] == []
    assert len(caller.read(path, kind="call")["items"]) == 7


def test_a_moment_has_its_whole_text_and_who_took_part(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        person = make_person()
        moment = make_moment(person, text="Lang. " * 400)

    found = calling(cast.bob).read(f"/moments/{moment.id}")

    assert found["text"] == ("Lang. " * 400).strip()
    assert [(part["role"], part["relation"]) for part in found["participants"]] == [("with", str(person.id))]


def test_search_puts_people_before_texts_and_goes_on(cast: Cast, calling: Calling) -> None:
    with entered(cast.alice):
        people = {str(make_person(f"Offerte {number}").id) for number in range(5)}
        moments = {str(make_moment(title=f"Offerte {number}").id) for number in range(4)}
    caller = calling(cast.bob)

    items = every_page(caller, "/search", q="offerte", limit=4)

    assert {item["id"] for item in items[:5]} == people and {item["id"] for item in items[5:]} == moments
    assert caller.read("/search", q="") == {"items": [], "next": None}


def test_a_caller_can_ask_for_whom_it_speaks(cast: Cast, calling: Calling) -> None:
    me = calling(cast.bob, "write").read("/me")

    assert (me["email"], me["role"], me["scope"], me["workspace_name"]) == (
        "bob@plein.example",
        "member",
        "write",
        "Noorderlicht",
    )
    assert me["may"] == ["read", "write", "delete", "import", "export"]


def test_no_operation_asks_the_database_too_much(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.bob)
    wanted: dict[str, dict[str, Any]] = {
        "/me": {},
        "/relations": {"kind": "person"},
        "/relations?": {},
        "/relations?q": {"q": "instalatietechniek"},
        f"/relations/{world.person}": {},
        f"/relations/{world.organization}": {},
        f"/relations/{world.person}/timeline": {},
        f"/moments/{world.moment}": {},
        "/operations": {},
        "/lists/person": {"f": "place:is:Zwolle"},
        "/search": {"q": "instalatietechniek"},
    }
    names = {str(world.person): "person", str(world.organization): "organization", str(world.moment): "moment"}
    caller.read("/me")  # The first use of a token is logged.

    for path, query in wanted.items():
        name = path
        for identifier, word in names.items():
            name = name.replace(identifier, word)
        with within_budget(__file__, name):
            caller.read(path.partition("?")[0], **query)


def test_nothing_is_read_of_what_is_not_there(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.alice)

    for path in (f"/relations/{new_id()}", f"/relations/{new_id()}/timeline", f"/moments/{new_id()}", "/nowhere"):
        answer = caller.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found" and answer.json()["detail"] == "There is nothing here."


def test_a_list_answers_as_its_page_does(cast: Cast, calling: Calling) -> None:
    make_company(cast.alice)
    caller = calling(cast.bob)

    whole = every_page(caller, "/lists/person", sort="place", columns="place,owner", limit=3)

    assert [row["name"] for row in whole[:2]] == ["Persoon 1", "Persoon 4"] and len(whole) == 7
    assert whole[0]["cells"]["place"] == "Ommen" and set(whole[0]["cells"]) == {"name", "place", "owner"}
    found = caller.read("/lists/person", f="place:is:Zwolle;some.organization(place:is:Assen)")
    assert found["items"] == [] and caller.read("/lists/person/count", f="place:is:Zwolle") == {
        "count": 2,
        "is_more": False,
    }
    keys = {field["key"]: field for field in caller.read("/lists/person/fields")["items"]}
    assert keys["place"]["may_sort"] and "is" in keys["place"]["operators"]
    assert {"person", "organization", "moment", "todo"} <= {one["kind"] for one in caller.read("/lists")["items"]}


def test_what_a_list_cannot_be_asked_is_refused_and_never_left_out(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob)

    for field, value in (
        ("f", "circle_id:is:1"),
        ("f", "place:between:1"),
        ("f", "place:is:"),
        ("f", "and(("),
        ("sort", "circle_id"),
        ("sort", "-seat"),
        ("columns", "place,workspace_id"),
        ("cursor", "bm9uc2Vuc2U"),
    ):
        answer = caller.get("/lists/person", **{field: value})
        assert answer.status_code == 422 and field in answer.json()["fields"], (field, value, answer.content)
    assert caller.get("/lists/robots").status_code == 404


def test_only_the_fields_that_were_asked_for_come_along(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.bob)

    page = caller.read("/relations", fields="id,organization.name", kind="person", limit=1)
    one = caller.read(f"/relations/{world.person}", fields="name,memberships.relation.name")

    assert page["items"] == [{"id": str(world.person), "organization": {"name": "Van Dijk Installatietechniek"}}]
    assert set(page) == {"items", "next"}
    assert one == {
        "name": "Henk van Dijk",
        "memberships": [{"relation": {"name": "Van Dijk Installatietechniek"}}],
    }
    assert "there are: id, kind" in caller.get("/relations", fields="id,circle_id").json()["fields"]["fields"]
