# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from plein.core.audit import NotForTheLog, audit, audit_apart, keyed
from plein.core.ids import new_id, now
from plein.core.isolation import Context, no_workspace, workspace_context
from plein.core.models import AuditEntry
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person, make_todo
from plein.trust.actions import make_team, make_token, revoke_token
from plein.trust.circles import only_me
from plein.trust.models import ApiToken, Seat, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def log_of(user: User, event: str = "") -> list[AuditEntry]:
    """The log of the workspace of a user, the oldest line first."""
    with entered(user):
        lines = AuditEntry.objects.order_by("seq")
        return list(lines.filter(event=event) if event else lines)


def test_a_look_at_what_not_everyone_may_see_is_logged_once_a_day(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as seat:
        hidden, open_one = make_person("Hidden", circle_id=only_me()), make_person("Open")
    client = signed_in(alice)

    for person in (hidden, hidden, open_one):
        assert client.get(f"/relations/{person.id}/").status_code == 200

    [look] = [line for line in log_of(alice, "read") if line.kind == "relation"]
    assert (look.records, look.seat_id, look.door) == ([hidden.id], seat.seat_id, "web")
    assert look.origin == keyed("address", "127.0.0.1") and len(look.session) == 32


def test_after_a_day_a_look_is_a_new_one(alice: User, monkeypatch: pytest.MonkeyPatch, signed_in: SignIn) -> None:
    with entered(alice):
        hidden = make_person("Hidden", circle_id=only_me())
    client = signed_in(alice)
    client.get(f"/relations/{hidden.id}/")

    later = now() + timedelta(hours=25)
    monkeypatch.setattr("plein.core.chain.now", lambda: later)
    client.get(f"/relations/{hidden.id}/")

    assert len([line for line in log_of(alice, "read") if hidden.id in line.records]) == 2


def test_who_opens_what_a_list_named_looked_once_more(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        hidden = make_person("Hidden", circle_id=only_me())
    client, elsewhere = signed_in(alice), signed_in(alice)

    for path in ("/people/", f"/relations/{hidden.id}/", "/people/", f"/relations/{hidden.id}/"):
        assert client.get(path).status_code == 200
    elsewhere.get("/search/", {"q": "Hidden"})

    looks = [line for line in log_of(alice, "read") if hidden.id in line.records]
    assert [json.loads(line.facts)["how"] for line in looks] == ["list", "page", "search"]
    assert looks[0].session == looks[1].session != looks[2].session


@pytest.mark.parametrize(
    "path", ["/people/", "/relations/{person}/", "/relations/{person}/timeline", "/moments/{moment}/"]
)
def test_every_page_that_shows_it_logs_it(path: str, alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        mine = only_me()
        person = make_person("Hidden", circle_id=mine)
        moment = make_moment(person, circle_id=mine)
    wanted = moment.id if "moment" in path or "timeline" in path else person.id

    response = signed_in(alice).get(path.format(person=person.id, moment=moment.id))

    assert response.status_code == 200
    assert any(wanted in line.records for line in log_of(alice, "read"))


def test_a_look_through_the_rest_door_says_with_which_token(alice: User) -> None:
    with entered(alice) as seat:
        person = make_person("Hidden", circle_id=only_me())
        todo = make_todo("Hidden", relation=person, assignee_id=seat.seat_id)
    secret = make_token(user=alice, workspace=seat.workspace_id, scope="read")
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    for path in (f"/api/v1/relations/{person.id}", f"/api/v1/todos/{todo.id}", "/api/v1/relations"):
        assert client.get(path).status_code == 200

    looks = log_of(alice, "read")
    assert {record for line in looks for record in line.records} == {person.id, todo.id}
    assert {line.token_id for line in looks} == {only_token()} and {line.door for line in looks} == {"api"}
    assert len(log_of(alice, "first_use_of_token")) == 1


def only_token() -> UUID:
    """The token that was made."""
    with no_workspace("test"):
        return ApiToken.objects.get().id


def test_nothing_is_logged_of_what_was_taken_back(alice: User) -> None:
    with entered(alice):
        audit("undo")
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            audit("delete")
            raise ValueError("no")

    events = [line.event for line in log_of(alice)]
    assert "undo" in events and "delete" not in events


def test_a_refusal_is_logged_although_everything_else_was_undone(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)

    assert client.get("/settings/users/").status_code == 403

    [refusal] = log_of(bob, "refused")
    assert json.loads(refusal.facts) == {"page": "trust:users"}


def test_nothing_with_a_name_an_address_or_a_text_gets_in(alice: User) -> None:
    for facts in ({"name": "Henk van Dijk"}, {"mail": "henk@vandijk.example"}, {"text": "x" * 101}):
        with entered(alice), pytest.raises(NotForTheLog):
            audit("delete", extra=facts)


def test_the_log_of_one_workspace_is_not_the_other_ones(cast: Cast) -> None:
    with entered(cast.alice):
        audit("undo", about=new_id())

    assert not [line for line in log_of(cast.charlie) if line.event == "undo"]


def test_a_failed_sign_in_is_logged_the_same_for_every_address(cast: Cast) -> None:
    for email in (cast.alice.email, "nobody@plein.example"):
        Client().post("/sign-in/", {"email": email, "password": "not the right one"})

    from_outside = log_outside("sign_in_failed")
    assert [json.loads(line.facts)["account"] for line in from_outside] == [
        keyed("account", cast.alice.email),
        keyed("account", "nobody@plein.example"),
    ]


def log_outside(event: str) -> list[AuditEntry]:
    """The log of what belongs to no workspace."""
    with workspace_context(Context(workspace_id=None, door="test")):
        return list(AuditEntry.objects.filter(event=event).order_by("seq"))


def test_signing_in_and_rights_and_tokens_are_logged(cast: Cast) -> None:
    with no_workspace("test"):
        cast.bob.set_password("a long enough password")
        cast.bob.save()
    client = Client()
    client.post("/sign-in/", {"email": cast.bob.email, "password": "a long enough password"})
    with entered(cast.alice) as actor:
        team = make_team(actor=actor, name="Board", seats=[Seat.objects.get(user=cast.bob).id])
    make_token(user=cast.bob, workspace=cast.here, scope="read")
    with entered(cast.bob) as actor:
        revoke_token(actor=actor, token_id=only_token())

    lines: dict[str, Any] = {line.event: line for line in log_of(cast.alice)}
    assert {"sign_in", "join_team", "make_token", "revoke_token"} <= lines.keys()
    assert json.loads(lines["join_team"].facts) == {"team": str(team.id)}
    assert lines["sign_in"].user_id == cast.bob.id


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO core_audit_entry SELECT * FROM core_audit_entry",
        "UPDATE core_audit_entry SET event = 'x'",
        "DELETE FROM core_audit_entry",
        "TRUNCATE core_audit_entry",
        "DELETE FROM core_audit_head",
        "UPDATE core_audit_head SET seq = 0",
    ],
)
def test_the_application_can_only_read_the_log(alice: User, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied")
    with entered(alice), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_happens_apart_is_there_at_once(cast: Cast) -> None:
    audit_apart("refused", workspace=cast.here, user=cast.bob.id, page="x")

    assert len(log_of(cast.alice, "refused")) == 1
