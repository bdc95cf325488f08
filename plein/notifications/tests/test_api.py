# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any, get_args

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.moments import actions as moments
from plein.notifications.api import NotificationOut
from plein.notifications.tests.at_work import lines, unread, work
from plein.notifications.vocabulary import Kind
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import make_token
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.fixture
def henk(alice: User, bob: User) -> Relation:
    with entered(alice) as actor:
        henk = make_person()
        for number in range(3):
            part = moments.Part(henk.id, "about")
            moments.record_moment(actor=actor, kind="note", participants=[part], text=f"{number} @Bob")
    work()
    return henk


class Program:
    """A program with a token."""

    def __init__(self, user: User, workspace: int, scope: str = "write") -> None:
        self.headers = {"Authorization": f"Bearer {make_token(user=user, workspace=workspace, scope=scope)}"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1{path}", headers=self.headers, **more)


def test_a_program_reads_what_concerns_its_user(cast: Cast, bob: User, henk: Relation) -> None:
    program = Program(bob, cast.here)
    first = program.ask("get", "/notifications?limit=2").json()
    rest = program.ask("get", f"/notifications?limit=2&cursor={first['next'].replace('+', '%2B')}").json()

    assert [one["kind"] for one in first["items"] + rest["items"]] == ["mention"] * 3
    assert first["items"][0]["sentence"].startswith("Alice names you")
    assert rest["next"] is None
    assert program.ask("get", "/notifications?cursor=x").status_code == 422
    assert Program(cast.gina, cast.here).ask("get", "/notifications").json()["items"] == []
    assert Program(cast.charlie, cast.elsewhere).ask("get", "/notifications").json()["items"] == []


def test_a_program_marks_lines_of_its_user_only(cast: Cast, bob: User, henk: Relation) -> None:
    program, line = Program(bob, cast.here), str(lines(bob)[0].id)

    assert Program(bob, cast.here, "read").ask("post", "/notifications/read", {}).status_code == 403
    assert Program(cast.alice, cast.here).ask("post", "/notifications/read", {"lines": [line]}).status_code == 204
    assert unread(bob) == 3
    assert program.ask("post", "/notifications/read", {"lines": [line, str(new_id())]}).status_code == 204
    assert unread(bob) == 2
    assert program.ask("post", "/notifications/read", {}).status_code == 204
    assert unread(bob) == 0
    assert program.ask("post", "/notifications/unread", {"lines": [line]}).status_code == 204
    assert unread(bob) == 1


def test_a_program_chooses_and_follows_for_its_user(cast: Cast, bob: User, henk: Relation) -> None:
    program = Program(bob, cast.here)
    kept = program.ask("get", "/notifications/preferences").json()
    wanted = kept | {"mention": {"product": True, "mail": False, "push": False}, "has_quiet_hours": True}

    assert program.ask("put", "/notifications/preferences", wanted).json() == wanted
    assert program.ask("put", "/notifications/preferences", wanted | {"quiet_until": "19:00"}).status_code == 422
    assert program.ask("put", f"/relations/{henk.id}/following", {"is_following": True}).status_code == 204
    stranger = Program(cast.charlie, cast.elsewhere)
    assert stranger.ask("put", f"/relations/{henk.id}/following", {"is_following": True}).status_code == 404


def test_programs_know_every_reason_for_which_somebody_is_told(cast: Cast, bob: User) -> None:
    kept = Program(bob, cast.here).ask("get", "/notifications/preferences").json()

    assert {kind for kind in kept if isinstance(kept[kind], dict)} == set(Kind.values)
    assert set(get_args(NotificationOut.model_fields["kind"].annotation)) == set(Kind.values)
