# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody's own page: what it shows, what it never shows, and what they decide there."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.consent.actions import Said, record_waiting
from plein.consent.models import Decision, Subject
from plein.consent.queries import decided, effective, may_be_asked, purpose_called, state_of
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation
from plein.mypage.models import Way
from plein.mypage.tests.conftest import ADDRESS, SignIn, link, visitor
from plein.relations.actions import merge_relations
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db


def text(client: Client) -> str:
    return client.get("/my/").content.decode()


def form_of(page: str, purpose: str) -> dict[str, str]:
    token = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert token is not None
    return {"token": token[1], "purpose": purpose}


def say(client: Client, alice: User, key: str, answer: str, **more: str) -> int:
    with entered(alice):
        purpose = purpose_called(key)
        assert purpose is not None
    sent = form_of(text(client), str(purpose.id)) | {"answer": answer} | more
    return client.post("/my/decide/", sent).status_code


def standing(alice: User, henk: Relation, key: str, address: str = "") -> str:
    with entered(alice):
        purpose = purpose_called(key)
        assert purpose is not None
        return str(state_of(effective(decided([henk.id]).get(henk.id, []), purpose.id, "email", address)))


def test_it_shows_what_we_have_from_where_why_who_sees_it_and_what_they_get(alice: User, henk: Relation) -> None:
    page = text(visitor(alice, henk))

    assert ADDRESS in page and "baker at Bakkerij Van Dijk" in page
    assert "a colleague wrote it down" in page
    assert "Only when you say yes." in page and "You are the first to hear what is new" in page
    assert "everyone who works at Noorderlicht" in page
    assert "Alice" not in page and "Bob" not in page


def test_it_speaks_the_language_of_its_reader(alice: User, henk: Relation) -> None:
    with entered(alice), operation("edit_relation"):
        Relation.objects.filter(id=henk.id).update(language="nl")

    response = visitor(alice, henk).get("/my/")

    assert response["Content-Language"] == "nl" and "Nieuwsbrief" in response.content.decode()


def test_a_yes_and_a_withdrawal_hold_at_once(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)

    assert say(client, alice, "newsletter", "yes") == 302
    assert standing(alice, henk, "newsletter") == "given"
    assert say(client, alice, "newsletter", "no") == 302

    assert standing(alice, henk, "newsletter") == "withdrawn"
    with entered(alice):
        assert {(one.how, one.seat_id) for one in Decision.objects.all()} == {("my_page", None)}
        assert Operation.objects.filter(verb="decide_on_my_page", door="my-page", seat_id=None).count() == 2


def test_one_address_may_be_left_out(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)

    assert say(client, alice, "invitations", "no", point="email henk@thuis.example") == 302

    assert standing(alice, henk, "invitations", "henk@thuis.example") == "refused"
    assert standing(alice, henk, "invitations", ADDRESS) == "never"


def test_whoever_objects_is_not_asked_for_introductions(alice: User, henk: Relation) -> None:
    with entered(alice):
        assert may_be_asked(henk)

    assert say(visitor(alice, henk), alice, "introductions", "no") == 302

    with entered(alice):
        assert not may_be_asked(henk)


@pytest.mark.parametrize("wrong", [{"answer": "maybe"}, {"purpose": "x"}, {"point": "email other@nobody.example"}])
def test_what_cannot_be_decided_changes_nothing_and_says_so(alice: User, henk: Relation, wrong: dict[str, str]) -> None:
    client = visitor(alice, henk)

    assert say(client, alice, "newsletter", **{"answer": "yes"} | wrong) == 422

    with entered(alice):
        assert Decision.objects.count() == 0


def test_what_a_contract_needs_cannot_be_refused(alice: User, henk: Relation) -> None:
    assert say(visitor(alice, henk), alice, "service", "no") == 422


def test_a_form_of_another_page_decides_nothing(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)

    assert client.post("/my/decide/", {"purpose": "x", "answer": "yes"}).status_code == 403
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/my/decide/", {"answer": "yes"}, headers=headers).status_code == 403


def test_a_link_opens_once_and_looking_does_not_spend_it(alice: User, henk: Relation) -> None:
    path = link(alice, henk)

    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 302

    assert Client().post(path).status_code == 410


def test_an_old_link_opens_nothing(alice: User, henk: Relation) -> None:
    assert Client().post(link(alice, henk, -timedelta(seconds=1))).status_code == 410


def test_a_visit_ends_after_an_hour_and_when_one_leaves(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)
    cookie = client.cookies["plein-my-page"]
    assert cookie["path"] == "/my/" and cookie["httponly"] and cookie["samesite"] == "Strict"
    other = visitor(alice, henk)
    with no_workspace("test"):
        Way.objects.filter(kind="visit").order_by("-created_at").update(expires_at=now() - timedelta(days=1))
    assert ADDRESS not in text(other)
    with no_workspace("test"):
        Way.objects.filter(kind="visit").update(expires_at=now() + timedelta(hours=1))

    client.post("/my/leave/")
    client.cookies["plein-my-page"] = cookie.value

    assert ADDRESS not in text(client) and ADDRESS in text(other)


def test_a_session_of_a_colleague_is_none_here_and_the_other_way_round(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    assert ADDRESS not in text(client)
    page = visitor(alice, henk)

    assert page.get(f"/relations/{henk.id}/").status_code == 302
    assert page.get("/api/v1/relations").status_code == 401
    for path in ("/my/settings/my-page/", f"/my/relations/{henk.id}/", "/my/api/v1/relations", "/my/x"):
        assert page.get(path).status_code == 404


def test_the_page_and_the_export_tell_the_same_of_two_who_became_one(
    alice: User, henk: Relation, calling: Calling
) -> None:
    with entered(alice) as actor:
        newsletter = purpose_called("newsletter")
        assert newsletter is not None
        make_decision(actor, henk, "newsletter", "given")
        other = make_person("H. van Dijk")
        make_contact_point(other, "email", "hvd@oud.example")
        make_decision(actor, other, "personal", "refused", point_kind="email", point_value="hvd@oud.example")
        said: dict[str, Any] = {"point_kind": "email", "point_value": "henk@later.example", "how": "import"}
        record_waiting(actor=actor, said=[Said(purpose=newsletter, state="refused", **said)])
        merge_relations(actor=actor, into=henk, other=other)
        make_contact_point(henk, "email", "henk@later.example")
        subjects = list(Subject.objects.filter(relation_id=henk.id).values_list("id", flat=True))
    page = json.loads(visitor(alice, henk).get("/my/download/json/").content)["decisions"]
    caller = calling(alice, "all")

    exports = [caller.read(f"/subjects/{one}/export")["decisions"] for one in subjects]

    told = sorted((one["state"], one["value"]) for one in page)
    assert told == [("given", ""), ("refused", "henk@later.example"), ("refused", "hvd@oud.example")]
    assert len(exports) == 2
    assert all(sorted((one["state"], one["address"]) for one in export) == told for export in exports)


def test_looking_never_writes(alice: User, henk: Relation) -> None:
    client = visitor(alice, henk)
    with entered(alice):
        before = Operation.objects.count()

    for path in ("/my/", "/my/ask/", link(alice, henk), "/my/decide/", "/my/leave/"):
        client.get(path)

    with entered(alice):
        assert Operation.objects.count() == before


def test_without_a_visit_the_database_tells_nothing(alice: User, henk: Relation) -> None:
    link(alice, henk)
    with no_workspace("test"), connection.cursor() as cursor:
        for visit in ("", "x" * 64, *Way.objects.filter(kind="link").values_list("digest", flat=True)):
            cursor.execute("SELECT plein_page_read(%s)", [visit])
            assert cursor.fetchone() == (None,)
            cursor.execute("SELECT plein_page_decide(%s, %s, '', '', 'given')", [visit, UUID(int=1)])
            assert cursor.fetchone() == (False,)
