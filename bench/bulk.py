# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long half of the people take to change, in a field of Plein's and in one of the company's own, and to undo."""

import secrets
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg

from bench.http import Refused, Request, Visitor
from bench.live import working
from bench.server import BenchTrouble, Filled, Running
from bench.table import Row, below

GOAL, PATIENCE = 60.0, 900.0
#: So often it is asked how far it is.
EVERY = 0.1
#: An amount among the generated fields; it is filtered on, so that its values have cells.
OWN = "c.turnover"
LAST_DAY = """
SELECT day, count FROM (
    SELECT created_at::date AS day, sum(count(*)) OVER (ORDER BY created_at::date) AS count
      FROM relations_relation WHERE kind = 'person' GROUP BY 1) days
 WHERE count >= (SELECT count(*) / 2 FROM relations_relation WHERE kind = 'person') ORDER BY day LIMIT 1
"""
LATEST = "SELECT id, state, undo, total, changed, failed, problem FROM lists_bulk_run ORDER BY created_at DESC LIMIT 1"

WAITING = "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') LIMIT 1"


def _latest(admin: psycopg.Connection) -> dict[str, Any]:
    """The run that was begun last."""
    with admin.transaction(), admin.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(LATEST).fetchone() or {}


def _wait(ready: Callable[[], bool]) -> float:
    """Seconds until something is so."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > PATIENCE:
            raise BenchTrouble(f"a change of many was not over after {PATIENCE:.0f} s")
        time.sleep(EVERY)
    return time.monotonic() - began


def _is_idle(admin: psycopg.Connection) -> bool:
    """Whether no job waits or runs."""
    with admin.transaction():
        return admin.execute(WAITING).fetchone() is None


def _changed(visitor: Visitor, admin: psycopg.Connection, view: str, field: str, value: str) -> tuple[float, int]:
    """Seconds from the press of the button until all of them are changed, and how many those were."""
    form = {"all": "1", "view": view, "go": "1", "field": field, "asked": field, "value": value}
    began, before = time.monotonic(), _latest(admin).get("id")
    # A connection that was idle for so long is closed.
    visitor.leave()
    visitor.ask(Request("/bulk/person/field/", form=form, is_fragment=True))
    _wait(lambda: _latest(admin).get("id") != before and _latest(admin)["state"] != "running")
    seconds, run = time.monotonic() - began, _latest(admin)
    if run["state"] != "done" or run["failed"] or run["changed"] != run["total"]:
        raise BenchTrouble(f"the change of many ended as {run}")
    return seconds, run["changed"]


def _undone(visitor: Visitor, admin: psycopg.Connection) -> float:
    """Seconds until the last run is turned back."""
    began = time.monotonic()
    visitor.leave()
    visitor.ask(Request(f"/bulk/{_latest(admin)['id']}/undo/", form={}, is_fragment=True))
    _wait(lambda: _latest(admin)["undo"] != "busy")
    if _latest(admin)["undo"] != "done":
        raise BenchTrouble(f"the change of many was not turned back: {_latest(admin)}")
    return time.monotonic() - began


def bulk(made: Filled, running: Running, visitor: Visitor, command: str) -> list[Row]:
    """Half of the people get another place, then a value of their own field, and each time all of it is undone."""
    rows: list[Row] = []
    with running.connect() as admin, working(made.home, running.port):
        # What else the worker was left with is not what is measured.
        _wait(lambda: _is_idle(admin))
        found: tuple[date, int] | None = admin.execute(LAST_DAY).fetchone()
        admin.commit()
        if found is None:
            raise Refused("there are no people")
        view = f"f=created:between:2000-01-01,{found[0]}"
        mark = secrets.randbelow(10**6)
        for words, field, value in (
            ("a field", "place", f"Bulk {mark}"),
            ("an own field that is filtered on", OWN, f"{mark}.37"),
        ):
            seconds, count = _changed(visitor, admin, view, field, value)
            rows.append(below(f"Change {words} of {count:,} people", seconds, GOAL, "s", command))
            rows.append(below(f"Turn that back, {words}", _undone(visitor, admin), GOAL, "s", command))
    return rows
