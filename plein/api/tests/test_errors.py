# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import logging

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from plein.api.errors import answer, answer_to
from plein.api.problems import PROBLEMS
from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import fill
from plein.core.ids import new_id
from plein.testing.cast import Cast


def assert_says(caller: Caller, path: str, field: str, words: str, **query: str) -> None:
    answer = caller.get(path, **query)
    assert answer.status_code == 422, answer.content
    error = answer.json()
    assert error["code"] == "not_understood"
    assert words in error["fields"][field]


@pytest.fixture
def caller(cast: Cast, calling: Calling) -> Caller:
    return calling(cast.alice, "all")


def test_parameters_that_are_wrong_are_explained(caller: Caller) -> None:
    assert_says(caller, "/relations", "limit", "at least 1", limit="0")
    assert_says(caller, "/relations", "limit", "at most 200", limit="201")
    assert_says(caller, "/relations", "limit", "whole number", limit="ten")
    assert_says(caller, "/relations", "limit", "whole number", limit="9" * 10_000)
    assert_says(caller, "/relations", "kind", "'person' or 'organization'", kind="robot")
    assert_says(caller, "/relations", "sort", "'name'", sort="circle_id")
    assert_says(caller, "/relations", "cursor", "not the `next`", cursor="bm9uc2Vuc2U")
    assert_says(caller, "/search", "q", "200 characters", q="x" * 10_000)
    assert_says(caller, "/search", "q", "not understood", q="a\x00b")
    assert_says(caller, "/operations", "cursor", "not the `next`", cursor="2026-01-01~x")
    assert_says(caller, f"/relations/{new_id()}/timeline", "kind", "'visit'", kind="seance")
    assert_says(caller, "/relations/7", "relation_id", "an id")


def test_a_parameter_that_is_not_known_is_named_with_those_that_are(caller: Caller) -> None:
    assert_says(caller, "/relations", "owner__user__email", "cursor, kind, limit, q, sort", owner__user__email="a")
    assert_says(caller, "/me", "fields", "There is no field all; there are: user,", fields="all")
    assert_says(caller, "/me", "colour", "there are: none", colour="blue")
    assert_says(caller, f"/relations/{new_id()}", "relation_id", "no such parameter", relation_id=str(new_id()))


def test_a_parameter_given_twice_is_not_guessed(caller: Caller) -> None:
    answer = caller.send("GET", "/relations", {"kind": ["person", "organization"]})

    assert answer.status_code == 422 and "more than once" in answer.json()["fields"]["kind"]


def test_an_empty_parameter_is_one_that_was_not_given(caller: Caller) -> None:
    assert caller.read("/relations", kind="", q="", sort="", limit="", cursor="") == caller.read("/relations")


@pytest.mark.parametrize(
    "cursor", ["W1tbW1tb", "WzAsIlx1ZDgwMCIsIngiXQ", "WzAsIngiLDdd", "WzksIngiXQ", "Wy0xXQ", "4pyT"]
)
def test_a_cursor_from_elsewhere_is_refused_in_words(caller: Caller, cursor: str) -> None:
    assert_says(caller, "/relations", "cursor", "not the `next`", cursor=cursor)
    assert_says(caller, "/relations", "cursor", "not the `next`", cursor=cursor, kind="person", sort="-updated")


def test_other_methods_and_other_addresses_answer_in_json(caller: Caller) -> None:
    for method in ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"):
        answer = caller.send(method, "/relations")
        assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
        assert answer.headers["Content-Type"] == "application/problem+json"
    for path in ("/", "/relations/", "/users", "/docs/", "/" + "a" * 5_000, "/%00", "/../admin"):
        answer = Caller("").get(path)
        assert answer.status_code == 404 and answer.json()["code"] == "not_found"


def test_words_follow_the_language_that_was_asked_for(cast: Cast, caller: Caller) -> None:
    caller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"

    assert caller.get("/nowhere").headers["Content-Language"] == "nl"


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_has_a_code_and_sentences(code: str) -> None:
    told, problem = answer(RequestFactory().get("/x"), code), PROBLEMS[code]

    assert told.status_code == problem.status and told.headers["Content-Type"] == "application/problem+json"
    assert json.loads(told.content) == {
        "type": f"/api/v1/problems/{code}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": str(problem.title),
        "instance": "/x",
        "code": code,
        "fields": {},
    }
    assert str(problem.title).endswith(".") or code == "no_token"
    assert str(problem.advice).endswith(".")


def test_a_fault_of_ours_tells_nothing_and_notes_where(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = answer_to(RequestFactory().get("/"), RuntimeError("SELECT name FROM relations_relation"))

    assert told.status_code == 500
    assert b"SELECT" not in told.content and b"Error" not in told.content
    assert caplog.records[0].exc_info


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError("gone"), 503), (psycopg.OperationalError("gone"), 503), (OSError(28, "full"), 507)],
)
def test_a_database_that_is_away_and_a_full_disk_have_words(error: Exception, status: int) -> None:
    told = answer_to(RequestFactory().get("/"), error)

    assert told.status_code == status and told.headers["Retry-After"]
    assert b"gone" not in told.content


def test_what_may_not_be_seen_answers_like_what_never_was(cast: Cast, calling: Calling) -> None:
    world, bob = fill(cast.alice), calling(cast.bob, "all")

    for hidden, path in [
        (world.hidden_person, "/relations/{}"),
        (world.hidden_person, "/relations/{}/timeline"),
        (world.hidden_moment, "/moments/{}"),
    ]:
        never = new_id()
        one, other = bob.get(path.format(hidden)), bob.get(path.format(never))
        wanted = other.content.replace(str(never).encode(), str(hidden).encode())
        assert (one.status_code, one.content, one.headers) == (404, wanted, other.headers)
