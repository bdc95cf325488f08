# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from plein.core.operations import EditConflict, undo
from plein.moments import actions
from plein.moments.models import Moment, ToDo
from plein.moments.queries import todos_of_relation, todos_open_for
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment, make_person, make_todo
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_a_to_do_is_ticked_once_and_unticked(alice: User) -> None:
    with entered(alice) as actor:
        todo = actions.create_todo(actor=actor, title="Bel Henk", means_needed="nummer")
        first = actions.tick_todo(actor=actor, todo=todo).done_at
        again = actions.tick_todo(actor=actor, todo=todo)

        assert (again.done_at, again.done_by_id) == (first, actor.seat_id)
        assert todos_open_for(actor.seat_id) == []
        assert actions.untick_todo(actor=actor, todo=todo).done_at is None


def test_the_follow_up_of_a_moment_goes_to_the_list_with_its_means(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        told = actions.record_moment(
            actor=actor,
            kind="call",
            participants=[actions.Part(henk.id)],
            follow_up="Tekening sturen",
            means_needed="CAD",
        )
        todo = actions.make_todo_of_follow_up(actor=actor, moment=told)

        assert todo is not None
        assert (todo.title, todo.means_needed, todo.relation_id) == ("Tekening sturen", "CAD", henk.id)
        assert todos_of_relation(henk.id) == [todo]
        assert actions.make_todo_of_follow_up(actor=actor, moment=make_moment(henk)) is None


def test_an_edit_on_an_old_version_is_refused(alice: User) -> None:
    with entered(alice) as actor:
        todo = make_todo()
        actions.edit_todo(actor=actor, todo=todo, changes={"title": "Eerst"}, based_on=1)

        with pytest.raises(EditConflict):
            actions.edit_todo(actor=actor, todo=todo, changes={"title": "Later"}, based_on=1)


def test_a_removed_to_do_comes_back(alice: User) -> None:
    with entered(alice) as actor:
        todo = make_todo()
        removal = actions.delete_todo(actor=actor, todo=todo)
        assert not ToDo.objects.exists()
        undo(removal.id)

        assert ToDo.objects.get().id == todo.id


def test_a_guest_keeps_no_list(gina: User) -> None:
    with entered(gina) as actor, pytest.raises(PermissionDenied):
        actions.create_todo(actor=actor, title="x")


def test_the_list_shows_mine_everybodys_and_what_is_done(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as theirs:
        make_todo("Van Bob", assignee_id=theirs.seat_id)
    with entered(alice) as actor:
        make_todo("Van Alice", assignee_id=actor.seat_id, due_on=timezone.localdate() - timedelta(days=1))
        actions.tick_todo(actor=actor, todo=make_todo("Gedaan", assignee_id=actor.seat_id))
    client = signed_in(alice)
    client.get("/todos/")
    with within_budget(__file__, "todos"):
        mine = client.get("/todos/").text

    assert ("Van Alice" in mine, "Van Bob" in mine, "Gedaan" in mine) == (True, False, False)
    assert 'class="late"' in mine
    assert "Van Bob" in client.get("/todos/?of=all").text
    assert "Gedaan" in client.get("/todos/?done=1").text
    assert client.get("/todos/?start=abc").status_code == 200


def test_ticking_answers_with_the_line_and_the_way_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        todo = make_todo("Bel terug")
    client = signed_in(alice)
    answer = client.post(f"/todos/{todo.id}/tick", {"done": "1"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "plein:toast" in answer.headers["HX-Trigger"]
    assert "checked" in answer.text
    assert client.post(f"/todos/{todo.id}/tick", {}).status_code == 302
    with entered(alice):
        assert ToDo.objects.get().done_at is None


def test_the_form_changes_refuses_and_shows_a_conflict(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        todo = make_todo("Bel terug")
    client = signed_in(alice)
    address = f"/todos/{todo.id}/"
    seat = client.get(address).text.split("selected>")[0].rsplit('value="', 1)[1].split('"')[0]
    values = {"version": "1", "title": "Bel Henk", "assignee": seat, "due_on": "2026-12-01"}

    assert client.post(address, values | {"title": ""}).status_code == 422
    assert client.post(address, values).status_code == 302
    conflict = client.post(address, values | {"title": "Bel Rik"})
    assert conflict.status_code == 409
    assert "Bel Henk" in conflict.text
    assert "Bel Rik" in conflict.text
    with entered(alice):
        assert (ToDo.objects.get().title, ToDo.objects.get().due_on) == ("Bel Henk", date(2026, 12, 1))


def test_strangers_get_404_and_guests_403_and_nothing_changes(
    alice: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        todo = make_todo("Bel terug")
    for act in ("", "tick", "delete"):
        address = f"/todos/{todo.id}/{act}"
        assert signed_in(charlie).post(address, {"done": "1"}).status_code == 404
        assert signed_in(gina).post(address, {"done": "1"}).status_code == 403
    assert signed_in(gina).post("/todos/new", {"title": "x"}).status_code == 403
    with entered(alice):
        assert (ToDo.objects.get().version, Moment.objects.count()) == (1, 0)


def test_adding_needs_words(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert client.post("/todos/new", {"title": " "}).status_code == 422
    assert client.post("/todos/new", {"title": "Bel", "from": "today"}).headers["Location"] == "/"
