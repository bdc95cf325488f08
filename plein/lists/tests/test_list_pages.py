# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of a list through the door: sentences, forms, cells, the pane, and the way to neighbours."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.models import Operation
from plein.lists.models import SavedView
from plein.moments.models import ToDo
from plein.relations import actions
from plein.relations.models import Relation
from plein.testing.factories import make_moment, make_organization, make_person, make_todo
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def test_a_filter_reads_as_sentences_and_each_can_be_taken_away(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_person("Henk", owner_id=Seat.objects.get(user=bob).id, place="Zwolle")
        colleague = Seat.objects.get(user=bob).id
    asked = f"owner:is:{colleague};or(place:is:Zwolle,Ommen;owner:empty);none.moment(when:last:90d)"

    page = signed_in(alice).get(f"/people/?f={asked}").text

    assert "Owner is Bob" in page
    assert "Place is Zwolle or Ommen or owner is not filled in" in page
    assert "There was no contact in the last 90 days" in page
    assert page.count('class="remove"') == 3
    assert "f=or(place:is:Zwolle,Ommen;owner:empty);none.moment(when:last:90d)" in page


def test_sentences_are_dutch_for_dutch_readers(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        User.objects.filter(id=alice.id).update(language="nl")

    assert signed_in(alice).get("/people/?f=place:is:Zwolle").status_code == 200


@pytest.mark.parametrize("asked", ["salary:is:1", "place:is", "((", "some.boat()", "c.secret:is:x", "a" * 5000])
def test_an_address_that_cannot_be_asked_is_400_with_a_sentence(alice: User, signed_in: SignIn, asked: str) -> None:
    client = signed_in(alice)
    for headers in ({}, HTMX):
        answer = client.get("/people/", {"f": asked}, headers=headers)
        assert answer.status_code == 400
        assert "This list cannot be shown like that" in answer.text


def test_the_form_of_a_filter_grows_row_by_row_and_leads_to_the_list(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    row = {"w:0": "place", "o:0": "is", "v:0": "Zwolle", "w:1": "@moment", "q:1": "none", "w:1-0": "when",
           "o:1-0": "last", "v:1-0": "90", "u:1-0": "d", "sort": "-place"}  # fmt: skip

    more = client.get("/lists/person/filter/", row | {"act": "add:1"}, headers=HTMX).text
    less = client.get("/lists/person/filter/", row | {"act": "remove:0"}, headers=HTMX).text
    shown = client.get("/lists/person/filter/", row | {"act": "show"})
    quick = client.get("/lists/person/filter/", row | {"act": "show"}, headers=HTMX)
    again = client.get(shown["Location"].replace("/people/", "/lists/person/filter/"), headers=HTMX).text

    assert 'name="w:1-1"' in more and 'name="w:2"' not in more
    assert 'name="w:0"' in less and 'value="Zwolle"' not in less
    assert shown["Location"] == "/people/?f=place:is:Zwolle;none.moment(when:last:90d)&sort=-place"
    assert quick.headers["HX-Redirect"] == shown["Location"]
    assert 'value="90"' in again and 'value="Zwolle"' in again


def test_a_row_that_lacks_something_says_so_and_keeps_the_rest(alice: User, signed_in: SignIn) -> None:
    row = {
        "w:0": "place",
        "o:0": "is",
        "v:0": "Zwolle",
        "w:1": "@moment",
        "w:1-0": "when",
        "o:1-0": "on",
        "act": "show",
    }

    answer = signed_in(alice).get("/lists/person/filter/", row, headers=HTMX)

    assert answer.status_code == 422
    assert "lacks a value" in answer.text
    assert 'value="Zwolle"' in answer.text


def test_columns_are_chosen_ordered_and_grouped(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        for number in range(4):
            make_person(f"Henk {number}", place=("Ommen", "Zwolle")[number % 2])
    client = signed_in(alice)

    shown = client.get("/lists/person/columns/?columns=owner&columns=place&sort=name&group=place&act=show")
    moved = client.get("/lists/person/columns/?columns=owner&columns=place&act=down:owner").text
    page = client.get(shown["Location"]).text

    assert shown["Location"] == "/people/?columns=owner,place&group=place"
    assert moved.index('value="place"') < moved.index('value="owner"')
    assert page.count('<tr class="group"') == 2
    assert "E-mail" not in page
    assert page.index("Owner</a>") < page.index("Place</a>")


def test_a_cell_is_changed_in_place_and_refuses_in_words(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", place="Ommen")
    client = signed_in(alice)
    cell = f"/lists/person/{henk.id}/cell/place/"

    form = client.get(f"{cell}?edit=1", headers=HTMX).text
    saved = client.post(cell, {"value": "Zwolle", "version": "1"}, headers=HTMX)
    long = client.post(cell, {"value": "x" * 200, "version": "2"}, headers=HTMX)
    nameless = client.post(cell.replace("place", "name"), {"value": "", "version": "2"}, headers=HTMX)

    assert 'name="version" value="1"' in form and 'value="Ommen"' in form
    assert saved.status_code == 200 and "Zwolle" in saved.text and "plein:toast" in saved.headers["HX-Trigger"]
    assert (long.status_code, nameless.status_code) == (422, 422)
    assert "aria-invalid" in long.text
    with entered(alice):
        assert Relation.objects.get(id=henk.id).place == "Zwolle"


def test_two_who_change_one_cell_both_see_both_values(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk", place="Ommen")
        actions.edit_relation(actor=actor, relation=henk, changes={"place": "Zwolle"}, based_on=1)
    cell = f"/lists/person/{henk.id}/cell/place/"
    client = signed_in(bob)

    mine = client.post(cell, {"value": "Meppel", "version": "1", "was": '"Ommen"'}, headers=HTMX)
    other = client.post(cell.replace("place", "headline"), {"value": "kok", "version": "1", "was": '""'}, headers=HTMX)
    kept = client.post(cell, {"value": "Meppel", "version": "3"}, headers=HTMX)

    assert mine.status_code == 409 and "Zwolle" in mine.text and "Meppel" in mine.text
    assert other.status_code == 200
    assert kept.status_code == 200


def test_what_is_gone_hidden_or_not_allowed_is_not_changed(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk", place="Ommen")
        hidden = actions.create_person(actor=actor, name="Hidden", circle_key="me")
    cell = f"/lists/person/{henk.id}/cell/place/"
    value = {"value": "Zwolle", "version": "1"}

    assert signed_in(gina).post(cell, value, headers=HTMX).status_code == 403
    assert signed_in(charlie).post(cell, value, headers=HTMX).status_code == 404
    assert signed_in(bob).post(cell.replace(str(henk.id), str(hidden.id)), value, headers=HTMX).status_code == 404
    assert signed_in(bob).post(cell.replace("place", "email"), value, headers=HTMX).status_code == 404
    assert signed_in(bob).post(cell.replace("place", "salary"), value, headers=HTMX).status_code == 404
    with entered(alice):
        assert Relation.objects.get(id=henk.id).place == "Ommen"


def test_a_to_do_is_ticked_in_its_list(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        todo = make_todo("Bel Henk", assignee_id=actor.seat_id)
    client = signed_in(alice)

    assert "Bel Henk" in client.get("/todos/").text
    assert client.post(f"/lists/todo/{todo.id}/cell/done/", {"value": "on"}, headers=HTMX).status_code == 200
    assert "Bel Henk" not in client.get("/todos/").text
    assert "Bel Henk" in client.get("/todos/?done=1").text
    with entered(alice):
        assert ToDo.objects.get().done_at is not None


@pytest.mark.parametrize("kind", ["person", "organization", "moment", "todo"])
def test_a_row_is_looked_at_beside_its_list(alice: User, charlie: User, signed_in: SignIn, kind: str) -> None:
    with entered(alice):
        henk = make_person("Henk")
        record = {
            "person": henk,
            "organization": make_organization("Van Dijk"),
            "moment": make_moment(henk, title="Offerte"),
            "todo": make_todo("Bel Henk"),
        }[kind]
        before = Operation.objects.count()
    client = signed_in(alice)

    pane = client.get(f"/lists/{kind}/{record.id}/peek/?f=", headers=HTMX)
    page = client.get(pane.headers["HX-Push-Url"])
    plain = client.get(f"/lists/{kind}/{record.id}/peek/")

    assert 'class="peek"' in pane.text and "<html" not in pane.text
    assert page.status_code == 200 and 'class="peek"' in page.text
    assert plain.status_code == 302
    assert signed_in(charlie).get(f"/lists/{kind}/{record.id}/peek/", headers=HTMX).status_code == 404
    with entered(alice):
        assert Operation.objects.count() == before


def test_a_record_knows_its_neighbours_in_the_view_one_came_from(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        people = [make_person(f"Henk {number}", place="Zwolle") for number in range(3)]
        make_person("Elsewhere")

    found = signed_in(alice).get(f"/lists/person/{people[1].id}/beside/?f=place:is:Zwolle", headers=HTMX).text

    assert "2 of 3 in People" in found
    assert found.index(str(people[0].id)) < found.index(str(people[2].id))


def test_a_saved_view_is_an_address_that_changes_resets_and_returns(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_person("Henk", place="Zwolle")
        make_person("Rik", place="Ommen")
    client = signed_in(alice)

    asked = {"name": "In Zwolle", "audience": "everyone", "query": "f=place:is:Zwolle"}
    saved = client.post("/lists/person/views/new/", asked)
    here = saved["Location"]
    kept = client.get(here).text
    changed = client.get(f"{here}&f=").text
    with entered(alice):
        view = SavedView.objects.get()
    client.post(f"/views/{view.id}/keep/", {"query": "f=place:is:Ommen", "version": view.version})
    stale = client.post(f"/views/{view.id}/keep/", {"query": "f=", "version": view.version}, follow=True).text
    client.post(f"/views/{view.id}/", {"name": "In Ommen", "audience": "me", "version": view.version + 1})
    client.post(f"/views/{view.id}/delete/")

    assert "Henk" in kept and "Rik" not in kept and "Changed:" not in kept
    assert "Rik" in changed and "Changed:" in changed and f'href="{here}"' in changed
    assert "just before you" in stale and "Rik" in stale
    assert client.get(here).status_code == 404
    assert client.post("/lists/person/views/new/", {"name": "", "query": "f="}).status_code == 422
    assert client.post("/lists/person/views/new/", {"name": "x", "query": "f=x:is:1"}).status_code == 422


def test_a_view_is_for_whom_it_was_made(alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for name, audience in (("Mine", "me"), ("Ours", "everyone")):
        client.post("/lists/person/views/new/", {"name": name, "audience": audience, "query": "f="})
    with entered(alice):
        mine, ours = (SavedView.objects.get(name=name) for name in ("Mine", "Ours"))

    for stranger in (bob, gina, charlie):
        assert signed_in(stranger).get(f"/people/?view={mine.id}").status_code == 404
        assert signed_in(stranger).post(f"/views/{mine.id}/pin/", {"pinned": "1"}).status_code == 404
    assert signed_in(bob).get(f"/people/?view={ours.id}").status_code == 200
    assert signed_in(bob).post(f"/views/{ours.id}/delete/").status_code == 403
    assert signed_in(gina).post(f"/views/{ours.id}/", {"name": "x", "audience": "me"}).status_code == 403
    assert signed_in(charlie).get(f"/people/?view={ours.id}").status_code == 404
    with entered(alice):
        assert SavedView.objects.count() == 2


def test_seven_views_at_most_are_pinned_each_for_oneself(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for number in range(8):
        asked = {"name": f"View {number}", "audience": "everyone", "query": f"f=place:is:{number}"}
        client.post("/lists/person/views/new/", asked)
    with entered(alice):
        views = list(SavedView.objects.order_by("name"))
    answers = [client.post(f"/views/{view.id}/pin/", {"pinned": "1"}, follow=True).text for view in views]
    page = client.get("/").text

    assert "At most 7 views are pinned" in answers[7]
    assert [f"View {number}" in page for number in range(8)] == [True] * 7 + [False]
    assert "View 0" not in signed_in(bob).get("/").text
    client.post(f"/views/{views[0].id}/pin/", {"pinned": "0"})
    client.get("/")
    assert "View 0" not in client.get("/").text


def test_what_is_ticked_in_the_list_says_what_may_come_next(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk")
        todo = make_todo("Bel Henk", assignee_id=actor.seat_id, relation=henk)
    client = signed_in(alice)

    ticked = client.post(f"/lists/todo/{todo.id}/cell/done/", {"value": "on"}, headers=HTMX)
    back = client.post(f"/lists/todo/{todo.id}/cell/done/", {"value": ""}, headers=HTMX)

    told = json.loads(ticked.headers["HX-Trigger"])["plein:toast"]
    assert "Nothing is planned with Henk." in told["text"] and told["href"] == f"/appointments/new?with={henk.id}"
    assert "href" not in json.loads(back.headers["HX-Trigger"])["plein:toast"]
