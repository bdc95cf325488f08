# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.models import Moment, MomentText, ToDo
from plein.relations.actions import set_favourite
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_moment, make_organization, make_person, make_todo
from plein.trust.circles import circle_for, only_me
from plein.trust.models import Role, Seat, Team, TeamMember, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def relations(cast: Cast) -> dict[str, UUID]:
    """Bob keeps three at hand: one for everyone with secrets on it, one for his team, one of his own."""
    with entered(cast.alice):
        team = f"team:{Team.objects.get().id}"
    with entered(cast.bob) as bob:
        seen = make_person("Henk van Dijk", place="Zwolle")
        made = {
            "everyone": seen,
            "team": make_person("Van het Team", circle_id=circle_for(team)),
            "mine": make_person("Van Mij", circle_id=only_me()),
        }
        make_moment(seen, title="Offerte hekwerk", text="Voor iedereen.")
        make_moment(seen, title="Vertrouwelijk", text="Alleen voor Bob.", circle_id=only_me())
        make_membership(seen, make_organization("Geheim BV", circle_id=only_me()))
        for one in made.values():
            set_favourite(actor=bob, relation=one, is_favourite=True)
        return {name: one.id for name, one in made.items()}


def kept(client: Client) -> Any:
    with no_workspace("test"):
        answer = client.get("/offline/recent")
    assert answer.status_code == 200
    return answer.json()


def send(client: Client, **values: Any) -> Any:
    with no_workspace("test"):
        return client.post("/offline/notes", {"id": uuid4(), "kind": "note", "text": "Gesproken.", **values})


def test_a_device_keeps_only_what_everyone_here_may_see(
    cast: Cast, relations: dict[str, UUID], signed_in: SignIn
) -> None:
    with no_workspace("test"):
        answer = signed_in(cast.bob).get("/offline/recent")

    assert [one["name"] for one in answer.json()["relations"]] == ["Henk van Dijk"]
    said = answer.content.decode()
    assert "Offerte hekwerk" in said
    assert [
        one for one in ("Vertrouwelijk", "Alleen voor Bob", "Geheim BV", "Van Mij", "Van het Team") if one in said
    ] == []
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_rights_change_with_what_one_may_see_or_do(
    cast: Cast, relations: dict[str, UUID], signed_in: SignIn
) -> None:
    client = signed_in(cast.bob)
    first, again = kept(client)["rights"], kept(client)["rights"]
    with entered(cast.alice), operation("change_team"):
        TeamMember.objects.all().delete()
    without_team = kept(client)["rights"]
    with entered(cast.alice), operation("change_seat"):
        Seat.objects.filter(user=cast.bob).update(role=Role.GUEST)

    assert first == again
    assert len({first, without_team, kept(client)["rights"], kept(signed_in(cast.alice))["rights"]}) == 4


def test_a_note_from_a_device_is_recorded_once_however_often_it_comes(
    cast: Cast, relations: dict[str, UUID], signed_in: SignIn
) -> None:
    client, note, todo = signed_in(cast.bob), uuid4(), uuid4()

    statuses = [send(client, id=note, relation=relations["everyone"]).status_code for _time in range(3)]
    statuses += [
        send(client, id=todo, relation=relations["everyone"], kind="todo", text="Bellen").status_code
        for _time in range(2)
    ]

    assert statuses == [200] * 5
    with entered(cast.bob):
        assert MomentText.objects.filter(text="Gesproken.").count() == 1
        assert Moment.objects.get(id=note).recorded_by_id == Seat.objects.get(user=cast.bob).id
        assert ToDo.objects.filter(title="Bellen").count() == 1


@pytest.mark.parametrize("who", ["gone", "hidden", "elsewhere"])
def test_a_note_about_somebody_who_is_not_there_any_more_is_told_and_not_lost(
    cast: Cast, relations: dict[str, UUID], signed_in: SignIn, who: str
) -> None:
    with entered(cast.alice):
        about = {"gone": uuid4(), "hidden": make_person("Verborgen", circle_id=only_me()).id, "elsewhere": uuid4()}[who]

    answer = send(signed_in(cast.bob), relation=about)

    assert answer.status_code == 410
    assert "Copy the text" in answer.json()["problem"]
    with entered(cast.bob):
        assert not MomentText.objects.filter(text="Gesproken.").exists()


def test_nonsense_and_guests_are_told_why(cast: Cast, relations: dict[str, UUID], signed_in: SignIn) -> None:
    bob, gina = signed_in(cast.bob), signed_in(cast.gina)
    about = relations["everyone"]

    statuses = [
        send(bob, relation="nonsense").status_code,
        send(bob, relation=about, text=" ").status_code,
        send(bob, relation=about, kind="letter").status_code,
        send(bob, relation=about, text="x" * 20_001).status_code,
        send(gina, relation=about).status_code,
    ]

    assert statuses == [422, 422, 422, 422, 403]


def test_strangers_get_the_shell_and_nothing_else(client: Client, db: None) -> None:
    del db
    with no_workspace("test"):
        shell, manifest, worker = (client.get(f"/{one}") for one in ("offline-page/", "manifest.webmanifest", "sw.js"))
        recent = client.get("/offline/recent")

    assert [one.status_code for one in (shell, manifest, worker, recent)] == [200, 200, 200, 302]
    assert {icon["sizes"] for icon in manifest.json()["icons"]} == {"192x192", "512x512"}
    assert worker.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("kind", ["note", "todo"])
def test_the_id_of_something_out_of_sight_is_answered_as_any_other_and_changes_nothing(
    cast: Cast, relations: dict[str, UUID], signed_in: SignIn, kind: str
) -> None:
    with entered(cast.alice):
        hidden = make_moment(text="Geheim.", circle_id=only_me()).id
        hidden = make_todo("Geheim.", own_circle_id=only_me()).id if kind == "todo" else hidden

    client, about = signed_in(cast.bob), relations["everyone"]
    answers = [send(client, id=one, kind=kind, relation=about) for one in (hidden, uuid4())]

    assert [(one.status_code, list(one.json())) for one in answers] == [(200, ["taken"])] * 2
    with entered(cast.alice):
        assert MomentText.objects.filter(moment_id=hidden).count() == (kind == "note")
        assert ToDo.objects.filter(id=hidden, title="Geheim.").count() == (kind == "todo")
