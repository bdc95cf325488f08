# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections.abc import Callable

from django.test import Client

from plein.core.models import Change, Operation
from plein.core.operations import operation
from plein.relations.actions import delete_relation, edit_relation
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_moment, make_organization, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]


def last(verb: str) -> Operation:
    return Operation.objects.filter(verb=verb).latest("started_at")


def test_history_says_what_was_done_to_whom(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as actor:
        person = make_person("Rik van Dijk")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        make_moment(person, title="Offerte 2026-311")

    page = signed_in(alice).get("/history/").content.decode()

    for words in (
        "Added a person",
        "Changed a relation",
        "Rik van Dijk",
        "Recorded a contact moment",
        "Offerte 2026-311",
    ):
        assert words in page
    assert f'href="/relations/{person.id}/"' in page
    assert "Rik van Dijk" not in signed_in(alice).get("/history/?who=me").content.decode()


def test_the_list_leads_to_what_turning_back_would_do_and_turns_nothing_back_itself(
    alice: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        person = make_person("Rik van Dijk", place="Zwolle")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        found = last("edit_relation")
    client = signed_in(alice)

    page = client.get("/history/").text

    assert "What turning this back would do: Changed a relation" in page and "/undo/" not in page
    assert f'action="/undo/{found.id}/"' in client.get(f"/history/{found.id}/").text


def test_an_operation_shows_each_field_before_and_after(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik van Dijk", place="Zwolle")
        changes = {"place": "Hattem", "headline": "Installateur"}
        edit_relation(actor=actor, relation=person, changes=changes, based_on=person.version)
        found = last("edit_relation")

    page = signed_in(alice).get(f"/history/{found.id}/").content.decode()

    assert "<dt>Place</dt><dd><del>Zwolle</del> → <ins>Hattem</ins>" in page
    assert "<dt>In one line</dt><dd><ins>Installateur</ins>" in page
    assert "sort_name" not in page and "circle_id" not in page


def test_the_history_of_one_record_names_what_belongs_to_it(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik van Dijk", place="Zwolle")
        make_contact_point(person, "email", "rik@vandijk.example")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)

    page = signed_in(alice).get(f"/relations/{person.id}/history").content.decode()

    assert "rik@vandijk.example, contact point added" in page
    assert "assertion" not in page
    assert "<dt>Place</dt>" in page and "relation changed" not in page


def test_turning_back_shows_and_keeps_what_was_changed_since(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik", place="Zwolle")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        first = last("edit_relation")
        person = Relation.objects.get(id=person.id)
        edit_relation(actor=actor, relation=person, changes={"place": "Ommen"}, based_on=person.version)
    client = signed_in(alice)

    page = client.get(f"/history/{first.id}/").content.decode()
    assert "stays as it is now" in page and "<ins>Ommen</ins>" in page and "<del>Zwolle</del>" in page
    client.post(f"/undo/{first.id}/")

    assert "except 1 thing" in client.get("/history/").content.decode()
    with entered(alice):
        assert Relation.objects.get(id=person.id).place == "Ommen"


def test_undo_from_the_toast_answers_without_a_page_and_can_be_undone(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik", place="Zwolle")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        edit, creation = last("edit_relation"), last("create_person")
    client = signed_in(alice)

    assert client.post(f"/undo/{edit.id}/", headers={"HX-Request": "true"}).status_code == 204
    again = client.post(f"/undo/{edit.id}/", headers={"HX-Request": "true"})
    assert again.status_code == 409 and again.content.decode() == "This was turned back already."
    with entered(alice):
        assert Relation.objects.get(id=person.id).place == "Zwolle"
        reversal = last("undo")
    assert client.post(f"/undo/{reversal.id}/", headers={"HX-Request": "true"}).status_code == 204
    with entered(alice):
        assert Relation.objects.get(id=person.id).place == "Hattem"
    gone = client.post(
        f"/undo/{creation.id}/",
        headers={"HX-Request": "true", "Referer": f"http://testserver/relations/{person.id}/"},
    )
    assert gone.status_code in (204, 409)


def test_only_who_did_it_or_who_leads_turns_it_back(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        make_person("Van Alice")
        hers = last("create_person")
    with entered(bob):
        make_person("Van Bob")
        his = last("create_person")

    assert signed_in(bob).post(f"/undo/{hers.id}/").status_code == 403
    assert signed_in(gina).post(f"/undo/{his.id}/").status_code == 403
    assert signed_in(charlie).post(f"/undo/{his.id}/").status_code == 404
    assert signed_in(charlie).get(f"/history/{his.id}/").status_code == 404
    assert signed_in(alice).post(f"/undo/{his.id}/").status_code == 302
    with entered(alice):
        assert not Relation.objects.filter(name="Van Bob").exists()


def test_what_is_private_is_in_nobody_elses_history(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob):
        with operation("create_person"):
            Relation.objects.create(kind="person", name="Geheim Contact", sort_name="geheim", circle_id=only_me())
        secret = last("create_person")
        person = Relation.objects.get(name="Geheim Contact")

    client = signed_in(alice)

    assert "Geheim" not in client.get("/history/").content.decode()
    assert client.get(f"/history/{secret.id}/").status_code == 404
    assert client.get(f"/relations/{person.id}/history").status_code == 404
    assert "Geheim Contact" in signed_in(bob).get("/history/").content.decode()


def test_the_bin_gives_back_what_was_removed(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Hotel De Zon")
        make_contact_point(person, "email", "info@dezon.example")
        delete_relation(actor=actor, relation=person)
        removal = last("delete_relation")
    client = signed_in(alice)

    assert "Hotel De Zon" in client.get("/bin/").content.decode()
    client.post(f"/undo/{removal.id}/", {"next": "/bin/"})

    assert "The bin is empty" in client.get("/bin/").content.decode()
    with entered(alice):
        assert Relation.objects.get(id=person.id).links.count() == 1


def test_a_record_has_its_own_history_as_page_and_fragment(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik", place="Zwolle")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        moment = make_moment(person, title="Offerte")
    client = signed_in(alice)

    for path in (f"/relations/{person.id}/history", f"/moments/{moment.id}/history"):
        page, fragment = client.get(path), client.get(path, headers={"HX-Request": "true"})
        assert page.content.startswith(b"<!doctype html>") and b"<!doctype" not in fragment.content
        assert b"history" in fragment.content
    assert "Hattem" in client.get(f"/relations/{person.id}/history").content.decode()


def test_long_histories_come_in_pages(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        for number in range(65):
            make_organization(f"Bedrijf {number:02d}")
    client = signed_in(alice)

    seen, address, pages = "", "/history/", 0
    while address and pages < 5:
        text = client.get(f"/history/{address.removeprefix('/history/')}").content.decode()
        seen += text
        address = (
            text.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&") if 'id="more"' in text else ""
        )
        pages += 1

    assert pages == 3 and all(f"Bedrijf {number:02d}<" in seen for number in range(65))


def test_looking_at_history_writes_nothing(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_todo()
        before = Operation.objects.count(), Change.objects.count()
    for page in ("/history/", "/bin/", "/search/?q=bel", "/palette/?q=bel"):
        signed_in(alice).get(page)
    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count()) == before


def test_the_history_is_narrowed_to_what_one_looks_for(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as actor:
        person = make_person("Rik van Dijk")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        make_todo("Bellen")
        his = actor.seat_id
    client = signed_in(alice)

    def page(query: str) -> str:
        return client.get(f"/history/?{query}").content.decode().partition('<ol class="history"')[2]

    assert "Changed a relation" in page("verb=edit_relation") and "Added a to-do" not in page("verb=edit_relation")
    assert "Added a to-do" in page("kind=todo") and "Changed a relation" not in page("kind=todo")
    assert "Added a person" in page(f"who={his}") and page("who=me&verb=edit_relation") == ""
    assert "1× relation changed" in page("undoable=on&verb=edit_relation")
    assert page("until=2020-01-01") == "" and "Added a person" in page("since=2020-01-01")
    assert "Added a person" in page("since=0001-01-01&until=9999-12-31")
    assert client.get("/history/?since=2024-05-01&until=2020-01-01").status_code == 422


def test_an_undo_tells_its_effect_and_turns_back_what_one_chose_after_looking(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        person = make_person("Rik", place="Zwolle")
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        first = last("edit_relation")
        person = Relation.objects.get(id=person.id)
        edit_relation(actor=actor, relation=person, changes={"place": "Ommen"}, based_on=person.version)
        creation = last("create_person")
    client = signed_in(alice)

    assert "removes" not in client.get(f"/history/{creation.id}/").content.decode()
    page = client.get(f"/history/{first.id}/").content.decode()
    assert "became Hattem" in page and "<ins>Ommen</ins>" in page
    [choice] = re.findall(r'name="anyway" value="([^"]+)"', page)
    client.post(f"/undo/{first.id}/", {"anyway": choice})

    with entered(alice):
        assert Relation.objects.get(id=person.id).place == "Zwolle"
