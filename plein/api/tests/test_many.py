# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts on many rows through the REST door: one field of them, and to-dos together."""

from typing import Any

import pytest

from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.world import World, fill
from plein.testing.cast import Cast


@pytest.fixture
def world(cast: Cast) -> World:
    return fill(cast.alice)


@pytest.fixture
def caller(cast: Cast, calling: Calling) -> Caller:
    return calling(cast.bob, "write")


def refused(caller: Caller, method: str, path: str, json: Any, status: int = 422) -> Any:
    answer = caller.send(method, path, json=json)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_one_field_of_many_rows_is_changed_and_emptied(caller: Caller, world: World) -> None:
    acts = {one["act"]: one for one in caller.read("/lists/person/acts")["items"]}
    asked = {one["name"]: one["choices"] for one in acts["field"]["fields"]}
    assert asked.keys() == {"field", "value", "clear"} and {"place", "owner", "ours"} <= set(asked["field"])
    path, ids = "/lists/person/acts/field", [str(world.person), str(world.hidden_person)]

    run = caller.write("POST", path, {"ids": ids[:1], "values": {"field": "place", "value": "Raalte"}})

    person = f"/relations/{world.person}"
    assert (run["changed"], run["failed"], caller.read(person)["place"]) == (1, 0, "Raalte")
    caller.write("POST", path, {"ids": ids, "values": {"field": "place", "clear": "yes"}})
    assert caller.read(person)["place"] == ""
    wrong = {"field": "country", "value": "Nergens"}
    assert "values.value" in refused(caller, "POST", path, {"ids": ids, "values": wrong})["fields"]
    assert "values.value" in refused(caller, "POST", path, {"ids": ids, "values": {"field": "place"}})["fields"]
    assert "values.field" in refused(caller, "POST", path, {"ids": ids, "values": {"field": "name"}})["fields"]
    caller.write("POST", f"/runs/{run['id']}/undo")


def test_todos_get_a_day_and_are_ticked_together(caller: Caller, world: World) -> None:
    ids = [caller.write("POST", "/todos", {"title": title})["id"] for title in ("Bellen", "Schrijven")]
    known = {one["act"] for one in caller.read("/lists/todo/acts")["items"]}
    assert known == {"tick", "due", "assign", "field", "delete"}

    due = caller.write("POST", "/lists/todo/acts/due", {"ids": ids, "values": {"due": "2026-12-24"}})
    assert due["changed"] == 2 and caller.read(f"/todos/{ids[0]}")["due_on"] == "2026-12-24"
    wrong = {"ids": ids, "values": {"due": "ooit"}}
    assert "values.due" in refused(caller, "POST", "/lists/todo/acts/due", wrong)["fields"]
    ticked = caller.write("POST", "/lists/todo/acts/tick", {"ids": ids})
    assert ticked["changed"] == 2 and caller.read(f"/todos/{ids[0]}")["done_at"]
    caller.write("POST", f"/runs/{ticked['id']}/undo")
    assert caller.read(f"/todos/{ids[0]}")["done_at"] is None
