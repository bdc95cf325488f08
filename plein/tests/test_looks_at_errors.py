# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer that is an error undoes what was written for it; what it shows was seen all the same."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from plein.api.tests.conftest import Calling
from plein.core.audit import audit, audit_look
from plein.core.ids import new_id, now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry
from plein.metadata.actions import set_values
from plein.relations.actions import edit_relation
from plein.relations.models import Relation, RelationValues
from plein.testing.factories import make_field, make_person
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def hidden(alice: User) -> Relation:
    """Somebody whom Alice alone sees, with a history."""
    with entered(alice) as actor:
        person = make_person("Henk van Dijk", circle_id=only_me())
        return edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)


def looks_at(user: User, record: UUID) -> list[AuditEntry]:
    with entered(user):
        return [line for line in AuditEntry.objects.filter(event="read").order_by("seq") if record in line.records]


def test_a_list_that_answers_with_an_error_was_seen_once_a_day(
    alice: User, hidden: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    for _time in range(2):
        page = client.get("/history/", {"kind": "x"})
        assert page.status_code == 422 and "Henk van Dijk" in page.text
    [look] = looks_at(alice, hidden.id)
    assert (look.door, json.loads(look.facts)) == ("web", {"how": "list"})
    assert look.session and look.origin
    assert client.get("/history/").status_code == 200
    assert len(looks_at(alice, hidden.id)) == 1


def test_a_form_that_comes_back_was_seen_and_what_it_wrote_is_undone(
    alice: User, hidden: Relation, signed_in: SignIn
) -> None:
    page = signed_in(alice).post(f"/relations/{hidden.id}/merge/", {"other": str(new_id())})
    assert page.status_code == 409 and "Henk van Dijk" in page.text
    assert len(looks_at(alice, hidden.id)) == 1


def test_an_error_in_words_of_ours_shows_nobody(alice: User, hidden: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for headers in ({}, {"HX-Request": "true"}):
        address = f"/relations/{hidden.id}/ties/{new_id()}/"
        assert client.get(address, headers=headers).status_code == 404
    assert looks_at(alice, hidden.id) == []


@pytest.mark.parametrize(("shown", "status", "looks"), [("Henk", 422, 1), ("", 422, 0), ("Henk", 200, 1)])
def test_only_the_looks_stay_of_what_an_error_logged(
    shown: str, status: int, looks: int, alice: User, hidden: Relation, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def view(request: HttpRequest) -> HttpResponse:
        del request
        audit_look("relation", [hidden])
        audit("delete", kind="relation", about=hidden.id)
        return HttpResponse(shown, status=status)

    client = signed_in(alice)
    monkeypatch.setattr("plein.web.middleware.SeatMiddleware._in_place", lambda _self, request, _seat: view(request))
    assert client.get("/history/").status_code == status
    assert len(looks_at(alice, hidden.id)) == looks
    with entered(alice):
        assert AuditEntry.objects.filter(event="delete").exists() == (status == 200)


def test_what_a_conflict_tells_a_program_was_seen(alice: User, hidden: Relation, calling: Calling) -> None:
    caller = calling(alice, "write")
    path = f"/relations/{hidden.id}"
    late = caller.send("PATCH", path, json={"version": 1, "place": "Zwolle"})
    assert late.status_code == 409 and late.json()["conflicts"]["place"]["theirs"] == "Hattem"
    [look] = looks_at(alice, hidden.id)
    assert look.door == "api" and look.token_id is not None


def test_what_a_conflict_tells_of_an_own_field_was_seen(alice: User, hidden: Relation, calling: Calling) -> None:
    caller = calling(alice, "write")
    with entered(alice) as actor:
        field = make_field("text", kinds=["person"])
        for value in ("one", "two"):
            set_values(actor=actor, values_model=RelationValues, record=hidden, values={field.key: value})
    wish = {"version": 2, "custom": {field.key: "three"}, "custom_versions": {str(field.group_id): 1}}
    late = caller.send("PATCH", f"/relations/{hidden.id}", json=wish)
    assert late.status_code == 409, late.json()
    assert late.json()["conflicts"][f"custom.{field.key}"]["theirs"] == "two"
    assert len(looks_at(alice, hidden.id)) == 1


def test_what_is_opened_through_a_colleagues_eyes_is_logged_as_far_as_it_is_shown(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(bob) as actor:
        his = make_person("Alleen van Bob", circle_id=only_me())
        edit_relation(actor=actor, relation=his, changes={"place": "Hattem"}, based_on=his.version)
    client = signed_in(alice)
    with entered(alice):
        seat = Seat.objects.get(user=bob)
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = now().isoformat()
        session.save()
    assert client.post(f"/settings/users/{seat.id}/look/").status_code == 302

    assert client.get(f"/relations/{his.id}/ties/{new_id()}/").status_code == 404
    assert looks_at(bob, his.id) == []
    page = client.get("/history/", {"kind": "x"})
    assert page.status_code == 422 and "Alleen van Bob" in page.text
    assert len(looks_at(bob, his.id)) == 1
