# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of what is done with many: asking, beginning, following, and the way back."""

import pytest
from django.urls import reverse

from plein.core.ids import new_id
from plein.core.models import Operation
from plein.core.operations import operation
from plein.lists.bulk import actions
from plein.lists.bulk.models import BulkRun
from plein.lists.tasks import undo as undo_job
from plein.relations.models import Relation, Tagging
from plein.relations.tests.crowd import HTMX, SignIn, at, people, started, worked
from plein.testing.budgets import within_budget
from plein.testing.factories import make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered


def test_the_pages_ask_first_and_then_do_it(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = people(3)
        colleague = Seat.objects.get(user=bob).id
    client = signed_in(alice)
    chosen = {"ids": [*map(str, ids[:2]), "nonsense"], "next": "/people/?place=Zwolle"}

    asked = client.post(at("bulk", "person", "tag"), chosen, headers=HTMX).content.decode()
    assert "2 people" in asked and "<html" not in asked and f"{ids[0]},{ids[1]}" in asked
    assert "<html" in client.post(at("bulk", "person", "tag"), chosen).content.decode()
    with entered(alice):
        assert not Operation.objects.filter(verb="tag_relations").exists()
    tagged = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": "fair"})
    given = client.post(at("bulk", "person", "assign"), chosen | {"go": "1", "owner": str(colleague)}, headers=HTMX)
    said = client.get("/people/").content.decode()
    stranger = client.post(at("bulk", "person", "assign"), chosen | {"go": "1", "owner": str(ids[0])})
    empty = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": " "}, headers=HTMX)
    deleted = client.post(at("bulk", "person", "delete"), chosen | {"go": "1", "next": "https://example.com/"})

    assert (tagged["Location"], given["HX-Redirect"]) == ("/people/?place=Zwolle", "/people/?place=Zwolle")
    assert deleted["Location"] == reverse("relations:person_list")
    assert (stranger.status_code, empty.status_code) == (422, 422)
    assert "Choose one from the list" in stranger.content.decode() and 'aria-invalid="true"' in empty.content.decode()
    assert "Tag fair: 2 people." in said and "Give to Bob: 2 people." in said
    with entered(alice):
        assert [one.name for one in Relation.objects.all()] == ["Henk 002"]


def test_everything_a_view_shows_is_done_in_the_background_and_told(
    alice: User, bob: User, charlie: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 5)
    with entered(alice):
        people(7, place="Zwolle")
        make_person("Elders", place="Ommen")
    client = signed_in(alice)
    chosen = {"all": "1", "view": "f=place:is:Zwolle", "next": "/people/"}

    assert "7 people" in client.post(at("bulk", "person", "tag"), chosen, headers=HTMX).content.decode()
    begun = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": "fair"}, headers=HTMX)
    place = begun["HX-Redirect"]
    with entered(alice):
        run = BulkRun.objects.get()
    assert run.total == 7 and place.startswith(at("bulk_run", run.id))
    assert "Waiting for its turn" in client.get(place).content.decode()
    assert at("bulk_news") in client.get("/people/").content.decode()
    assert client.get(at("bulk_news"), headers=HTMX).status_code == 204
    for stranger in (bob, charlie):
        for name in ("bulk_run", "bulk_failures", "bulk_failure_file"):
            assert signed_in(stranger).get(at(name, run.id)).status_code == 404
        for name in ("bulk_pause", "bulk_resume", "bulk_cancel", "bulk_undo"):
            assert signed_in(stranger).post(at(name, run.id)).status_code == 404

    with entered(alice), operation("delete_relation"):
        Relation.objects.filter(name="Henk 003").delete()
    worked(alice, run)

    news = client.get(at("bulk_news"), headers=HTMX)
    assert "Tag fair: 6 people. 1 was left as it was." in news["HX-Trigger"] and b"bulk/news" not in news.content
    assert at("bulk_news") not in client.get("/people/").content.decode()
    done = client.get(place).content.decode()
    assert "Henk 003" in done and "no longer there" in done
    assert "Henk 003" in client.get(at("bulk_failures", run.id)).content.decode()
    assert 'Henk 003,"It is no longer there' in client.get(at("bulk_failure_file", run.id)).content.decode()
    assert "Tag fair" in client.get(at("bulk_runs")).content.decode()
    client.post(at("bulk_undo", run.id))
    assert "All of it was turned back" in client.get(place).content.decode()
    with entered(alice):
        assert not Tagging.objects.exists()


def test_deleting_many_asks_for_their_number(alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plein.lists.bulk.views.asking.TYPED_ABOVE", 2)
    with entered(alice):
        ids = people(3)
    client = signed_in(alice)
    chosen = {"ids": ",".join(map(str, ids)), "go": "1"}

    without = client.post(at("bulk", "person", "delete"), chosen | {"counted": "3"}, headers=HTMX)
    other = client.post(at("bulk", "person", "delete"), chosen | {"counted": "2", "confirm": "2"}, headers=HTMX)
    assert (without.status_code, other.status_code) == (422, 422)
    assert "Type 3 to" in without.content.decode() and "There are 3 now" in other.content.decode()
    with entered(alice):
        assert Relation.objects.count() == 3
    client.post(at("bulk", "person", "delete"), chosen | {"counted": "3", "confirm": " 3 "})
    with entered(alice):
        assert not Relation.objects.exists()


def test_nothing_chosen_and_nonsense_are_answered_in_words(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    nothing = client.post(at("bulk", "person", "tag"), {"ids": "x"}, headers=HTMX)
    broken = client.post(at("bulk", "person", "tag"), {"all": "1", "view": "f=place:is"}, headers=HTMX)

    assert nothing.status_code == 422 and "Choose at least one" in nothing.content.decode()
    assert broken.status_code == 422
    assert client.post(at("bulk", "person", "explode"), {}).status_code == 404
    assert client.post(at("bulk", "elephant", "tag"), {}).status_code == 404
    assert client.get(at("bulk", "person", "tag")).status_code == 200


def test_what_changed_much_is_turned_back_by_a_worker(
    alice: User, bob: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MUCH", 2)
    with entered(bob):
        ids = people(5)
    run = worked(bob, started(bob, ids))
    client = signed_in(bob)

    said = client.post(reverse("web:undo", args=[run.operation_id]), headers=HTMX)
    assert said.status_code == 204
    again = client.post(reverse("web:undo", args=[run.operation_id]), headers=HTMX)
    assert again.status_code == 409 and "already" in again.content.decode()
    assert "in the background" in client.get("/people/").content.decode()
    assert "Being undone" in client.get(at("bulk_run", run.id)).content.decode()
    with entered(bob):
        assert Tagging.objects.count() == 5
    for _turn in range(2):
        undo_job(workspace=run.workspace_id, user=str(bob.id), operation_id=str(run.operation_id))

    news = client.get(at("bulk_news"), headers=HTMX)
    assert "Tag fair: turned back." in news["HX-Trigger"]
    with entered(bob):
        assert not Tagging.objects.exists()
        assert BulkRun.objects.get().undo == "done"
        assert Operation.objects.filter(verb="undo").count() == 1


def test_the_pages_ask_little_of_the_database(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        ids = people(9)
        for number in range(9):
            wish = {"name": [f"tag {number}"]}
            run = actions.change_many(actor=actor, kind="person", ids=[*ids, new_id()], act="tag", wish=wish)
    client = signed_in(alice)
    chosen = {"ids": ",".join(map(str, ids))}

    with within_budget(__file__, "many_ask"):
        assert client.post(at("bulk", "person", "tag"), chosen).status_code == 200
    for name, address in (
        ("many_run", at("bulk_run", run.id)),
        ("many_left", at("bulk_failures", run.id)),
        ("many_runs", at("bulk_runs")),
        ("export", at("export", "person")),
    ):
        with within_budget(__file__, name):
            assert client.get(address).status_code == 200, name
