# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQL in every parameter of every operation: it is always a value, never a part of a statement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.utils import Error as DatabaseError

from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import World, fill
from plein.testing.cast import Cast
from plein.trust.seats import entered

TOKENS = [
    "'", "''", '"', "`", "\\", "\\'", "%", "%%", "%s", "%(q)s", "_", ";", "--", "/*", "*/", "#", "(", ")", "()", "[]",
    "{}", "{t}", "{m}", "$1", "$$", "$a$", "::int", "||", "&", "|", "!", "<->", ":*", "@@", "~", "~*", "=", "<>", ",",
    "NULL", "null", "true", "1e308", "-1", "0x41", "99999999999999999999", "1/0", "*", "a'b", "' OR '1'='1", "1 OR 1=1",
    "') OR true --", "'; DROP TABLE relations_relation; --", "1; SELECT pg_sleep(9)", "UNION SELECT NULL,NULL",
    "' UNION SELECT password FROM trust_user --", "name; SET ROLE plein_owner", "id) DESC, (SELECT 1",
    "CASE WHEN 1=1 THEN name ELSE place END", "current_setting('plein.circles')",
    "set_config('plein.circles','{1}',true)", "E'\\x00'", "U&'\\0041'", "\u02bc", "\uff07", "\u2019", "\ufeff",
    "\u202e", "🙂", "ﬁ", "İ", "x" * 200, "name__password", "_connector", "pk__in", "-circle_id", "workspace_id",
    "?", "random()",
]  # fmt: skip
#: Tokens that none of our own statements holds.
TELLING = [token for token in TOKENS if len(token) > 7 and not token.strip("-").isidentifier()]


@contextmanager
def statements() -> Iterator[list[tuple[str, Exception | None]]]:
    """Every statement as it was sent, without its values, and what became of it."""
    sent: list[tuple[str, Exception | None]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            result = execute(sql, params, many, context)
        except DatabaseError as trouble:
            sent.append((sql, trouble))
            raise
        sent.append((sql, None))
        return result

    with connection.execute_wrapper(note):
        yield sent


def slots() -> list[tuple[str, str]]:
    schema = Caller("").read("/openapi.json")
    return [
        (path, parameter["name"])
        for path, methods in schema["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", ())
        if parameter["in"] != "header"
    ]


def ask(caller: Caller, world: World, path: str, slot: str, token: str) -> Any:
    if "{" + slot + "}" in path:
        return caller.get(world.address(path, **{slot: token.replace("/", "%2F")}))
    return caller.get(world.address(path), **{slot: token})


def test_no_value_becomes_a_part_of_a_statement(cast: Cast, calling: Calling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plein.api.auth.seconds_to_wait", lambda _subject, most: 0)
    world = fill(cast.alice)
    assert len(TOKENS) >= 60 and len(slots()) >= 14

    trouble = []
    for number, (path, slot) in enumerate(slots()):
        caller = calling(cast.alice, "all")
        with statements() as sent:
            # Every token in some place, and in every place a twenty-fourth of them.
            for token in TOKENS[number % 40 :: 40]:
                answer = ask(caller, world, path, slot, token)
                if answer.status_code not in (200, 404, 422):
                    trouble.append((path, slot, token, answer.status_code))
        trouble += [(path, slot, sql, str(error)) for sql, error in sent if error]
        trouble += [(path, slot, token, sql) for sql, _none in sent for token in TELLING if token in sql]

    assert trouble == []


def test_the_trial_itself_sees_a_value_that_became_a_part(cast: Cast) -> None:
    with entered(cast.alice), statements() as sent, connection.cursor() as cursor:
        cursor.execute(f"SELECT $${TELLING[0]}$$")

    assert TELLING[0] in sent[0][0]
