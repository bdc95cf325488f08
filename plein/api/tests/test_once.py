# SPDX-License-Identifier: AGPL-3.0-or-later
"""Idempotency-Key: done once, answered alike, and never shown to whoever may not see it any more."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import MULTIPART_CONTENT, encode_multipart

from plein.api.models import KeptAnswer
from plein.api.tests.conftest import Answer, Caller, Calling
from plein.api.tests.world import fill
from plein.core.ids import now
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import change_seat, change_team
from plein.trust.circles import circle_of_team, only_me
from plein.trust.models import Seat, Team
from plein.trust.seats import entered

NEW = {"kind": "person", "name": "Een Keer"}


def send(caller: Caller, key: str, json: Any = None, path: str = "/relations", method: str = "POST") -> Answer:
    return caller.send(method, path, json=NEW if json is None else json, headers={"Idempotency-Key": key})


def count(cast: Cast, name: str = "Een Keer") -> int:
    with entered(cast.alice):
        return Relation.objects.filter(name=name).count()


@pytest.fixture
def caller(cast: Cast, calling: Calling) -> Caller:
    return calling(cast.bob, "write")


def test_the_same_request_is_done_once_and_answered_byte_for_byte(cast: Cast, caller: Caller) -> None:
    first, second = send(caller, "a"), send(caller, "a")

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["Plein-Operation"] == second.headers["Plein-Operation"]
    assert "Idempotent-Replayed" not in first.headers and second.headers["Idempotent-Replayed"] == "true"
    assert count(cast) == 1
    assert send(caller, "b").json()["id"] != first.json()["id"] and count(cast) == 2


def test_another_request_with_the_same_key_is_refused(cast: Cast, caller: Caller) -> None:
    made = send(caller, "a").json()

    for answer in (
        send(caller, "a", {**NEW, "place": "Ommen"}),
        send(caller, "a", {"version": 1}, f"/relations/{made['id']}", "PATCH"),
        send(caller, "a", {}, f"/relations/{made['id']}", "DELETE"),
    ):
        assert answer.status_code == 422 and answer.json()["code"] == "idempotency_key_reused"
    assert count(cast) == 1


def test_an_answer_without_a_body_is_repeated_too(caller: Caller) -> None:
    made = send(caller, "a").json()

    first, second = (send(caller, "b", {}, f"/relations/{made['id']}", "DELETE") for _turn in range(2))

    assert first.status_code == second.status_code == 204 and second.content == b""
    assert second.headers["Idempotent-Replayed"] == "true" and "Content-Type" not in second.headers


def test_what_failed_left_nothing_and_its_key_is_free(cast: Cast, caller: Caller) -> None:
    assert send(caller, "a", {"kind": "person", "name": ""}).status_code == 422

    assert send(caller, "a").status_code == 201
    assert count(cast) == 1


def test_a_key_is_of_one_seat_and_lives_a_day(cast: Cast, calling: Calling, caller: Caller) -> None:
    send(caller, "a")
    assert send(calling(cast.alice, "all"), "a").status_code == 201
    assert send(calling(cast.charlie, "all"), "a").status_code == 201
    assert count(cast) == 2
    with entered(cast.bob):
        KeptAnswer.objects.update(created_at=now() - timedelta(hours=24))

    assert "Idempotent-Replayed" not in send(caller, "a").headers
    with entered(cast.bob):
        assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_none_is_refused(cast: Cast, caller: Caller, key: str) -> None:
    answer = send(caller, key)

    assert answer.status_code == 422 and "255" in answer.json()["fields"]["Idempotency-Key"]
    assert send(caller, "x" * 255).status_code == 201 and count(cast) == 1


def test_files_are_compared_by_what_they_hold(cast: Cast, caller: Caller) -> None:
    world = fill(cast.alice)

    def attach(boundary: str, data: bytes) -> Answer:
        body = encode_multipart(boundary, {"files": [SimpleUploadedFile("a.txt", data)]})
        return caller.send(
            "POST",
            f"/moments/{world.moment}/files",
            body=body,
            content_type=MULTIPART_CONTENT.partition(";")[0] + f"; boundary={boundary}",
            headers={"Idempotency-Key": "a"},
        )

    first = attach("een", b"pannen")

    assert first.status_code == 201 and attach("twee", b"pannen").content == first.content
    assert attach("drie", b"nokken").status_code == 422


def test_the_answer_is_sealed_and_the_key_is_not_kept(cast: Cast, caller: Caller) -> None:
    send(caller, "a-key-of-mine")

    with entered(cast.bob):
        kept = KeptAnswer.objects.get()
    told = b"".join(bytes(value) if isinstance(value, bytes) else str(value).encode() for value in vars(kept).values())
    assert b"Een Keer" not in told and b"a-key-of-mine" not in told


def test_what_may_no_longer_be_seen_is_not_repeated(cast: Cast, calling: Calling) -> None:
    alice, bob = calling(cast.alice, "all"), calling(cast.bob, "all")
    with entered(cast.alice):
        person = make_person("Voor even")
    path = f"/relations/{person.id}"
    change = {"version": 1, "place": "Ommen"}
    assert send(bob, "a", change, path, "PATCH").status_code == 200
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=person.id).update(circle_id=only_me())

    withheld = send(bob, "a", change, path, "PATCH")

    assert withheld.status_code == 409 and withheld.json()["code"] == "answer_withheld"
    assert b"Voor even" not in withheld.content
    assert alice.read(path)["place"] == "Ommen"


def test_what_somebody_else_of_the_answer_became_hidden_is_not_repeated(cast: Cast, calling: Calling) -> None:
    """The relation itself is still there for Bob; whom it is tied to is not."""
    world, bob = fill(cast.alice), calling(cast.bob, "all")
    path, change = f"/relations/{world.person}", {"version": 1, "headline": "Dakdekker"}
    assert b"Installatietechniek" in send(bob, "a", change, path, "PATCH").content
    with entered(cast.alice), operation("change_circle"):
        Relation.objects.filter(id=world.organization).update(circle_id=only_me())

    assert send(bob, "a", change, path, "PATCH").json()["code"] == "answer_withheld"


def test_who_left_a_team_or_lost_a_role_gets_no_old_answers(cast: Cast, calling: Calling) -> None:
    bob = calling(cast.bob, "all")
    with entered(cast.bob):
        person = make_person("Van Sales", circle_id=circle_of_team(Team.objects.get(name="Sales")))
    path, change = f"/relations/{person.id}", {"version": 1, "place": "Ommen"}
    assert send(bob, "a", change, path, "PATCH").status_code == 200
    with entered(cast.alice) as alice:
        change_team(actor=alice, team=Team.objects.get(name="Sales"), name="Sales", seats=[])

    assert send(bob, "a", change, path, "PATCH").json()["code"] == "answer_withheld"
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role="guest", is_active=True)
    assert send(bob, "a", change, path, "PATCH").status_code == 403


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_they_come_each_key_does_one_thing(cast: Cast, caller: Caller, seed: int) -> None:
    """Against a model of a few lines: the first request of a key counts, its equals repeat it, others are refused."""
    chance = random.Random(seed)  # noqa: S311 — the same choices each time are the point
    kept: dict[str, tuple[str, bytes]] = {}
    made = 0
    for _turn in range(12):
        key, name = chance.choice("abc"), chance.choice(["Een", "Twee", ""])
        answer = send(caller, key, {"kind": "person", "name": name})
        if key in kept:
            assert answer.status_code == (201 if kept[key][0] == name else 422)
            assert answer.content == kept[key][1] or kept[key][0] != name
        elif name:
            made += 1
            kept[key] = name, answer.content
        else:
            assert answer.json()["code"] == "not_understood"
    assert count(cast, "Een") + count(cast, "Twee") == made


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_are_one(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob, "write")

    def ask(_turn: int) -> Answer:
        try:
            return send(Caller(caller.token), "a")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(8)))

    made = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(made) + len(waiting) == 8 and made
    assert {answer.content for answer in made} == {made[0].content}
    assert all(answer.json()["code"] == "in_progress" and answer.headers["Retry-After"] == "1" for answer in waiting)
    assert count(cast) == 1
