# SPDX-License-Identifier: AGPL-3.0-or-later
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from plein.api.auth import REQUESTS_A_MINUTE
from plein.api.tests.conftest import Caller, Calling
from plein.core.ids import new_id, now
from plein.core.isolation import no_workspace
from plein.testing.cast import Cast
from plein.trust.actions import change_seat, make_token, revoke_token
from plein.trust.models import ApiToken, RateCount, Role, Seat, User
from plein.trust.rates import seconds_to_wait
from plein.trust.seats import entered


def the_token() -> ApiToken:
    with no_workspace("test"):
        return ApiToken.objects.get()


def assert_shut(caller: Caller) -> None:
    answer = caller.get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content == Caller("").get("/me").content


@pytest.mark.parametrize("token", ["", "x", "plein_", "plein_" + "a" * 43, "plein_" + "a" * 10_000, "plein_é\u2028"])
def test_whatever_is_not_a_token_gets_the_same_answer(db: None, token: str) -> None:
    assert_shut(Caller(token))


def test_a_revoked_token_is_useless_at_once(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob)
    caller.read("/me")
    with entered(cast.bob) as actor:
        revoke_token(actor=actor, token_id=the_token().id)

    assert_shut(caller)


def test_an_expired_token_is_useless(cast: Cast) -> None:
    assert_shut(Caller(make_token(user=cast.bob, workspace=cast.here, scope="all", lifetime=timedelta(seconds=-1))))


def test_a_suspended_seat_shuts_the_door_at_once_and_a_smaller_role_narrows_it(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob, "all")
    assert "write" in caller.read("/me")["may"]
    with entered(cast.alice) as alice:
        seat = change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role=Role.GUEST, is_active=True)
    assert caller.read("/me")["may"] == ["read"]
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=seat, role=Role.MEMBER, is_active=False)

    assert_shut(caller)


def test_a_user_who_may_not_sign_in_has_no_tokens(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob)
    with no_workspace("test"):
        User.objects.filter(id=cast.bob.id).update(is_active=False)

    assert_shut(caller)


def test_a_token_opens_only_the_workspace_it_was_made_for(cast: Cast, calling: Calling) -> None:
    assert_shut(calling(cast.charlie, workspace=cast.here))


def test_a_session_opens_nothing_here(cast: Cast) -> None:
    client = Client()
    with no_workspace("test"):
        client.force_login(cast.alice)

    assert client.get("/").status_code == 200
    assert client.get("/api/v1/relations").status_code == 401
    assert client.post(f"/api/v1/operations/{new_id()}/undo").status_code == 401


def test_a_token_in_the_address_or_a_cookie_is_no_token(cast: Cast, calling: Calling) -> None:
    token = calling(cast.bob).token
    stranger = Caller("")
    stranger.client.cookies["token"] = token

    for name in ("token", "access_token", "api_key", "authorization"):
        assert stranger.get("/me", **{name: token}).status_code == 401


def test_the_secret_is_kept_nowhere(cast: Cast, calling: Calling, caplog: pytest.LogCaptureFixture) -> None:
    caller = calling(cast.bob)
    with caplog.at_level(logging.DEBUG):
        caller.read("/me")
        caller.get("/relations", limit="x")
        caller.get("/nowhere")

    kept = the_token()
    assert caller.token not in caplog.text
    assert caller.token not in "".join(str(value) for value in vars(kept).values())
    assert kept.last_used_at is not None and kept.prefix == caller.token[:12]


def test_the_request_after_the_last_of_a_minute_waits(cast: Cast, calling: Calling) -> None:
    caller, other = calling(cast.bob), calling(cast.bob)
    for _number in range(3):
        caller.read("/me")
    with no_workspace("test"):
        RateCount.objects.update(count=REQUESTS_A_MINUTE - 1)
    caller.read("/me")

    refused = caller.get("/me")

    assert refused.status_code == 429 and refused.json()["code"] == "too_many"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    other.read("/me")
    with no_workspace("test"):
        RateCount.objects.update(began_at=now() - timedelta(seconds=61))
    caller.read("/me")


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_count_each_other() -> None:
    subject = new_id()

    def ask(_turn: int) -> list[int]:
        try:
            return [seconds_to_wait(subject, most=150) for _number in range(50)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        waits = [wait for turn in pool.map(ask, range(4)) for wait in turn]

    assert len([wait for wait in waits if wait]) == 50
