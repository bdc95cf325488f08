# SPDX-License-Identifier: AGPL-3.0-or-later
"""The context of a request, a job step or a stream: which workspace, whose eyes, under which operation.

The context lives in two places that move together: a context variable, from which lock 2 takes its literals, and
transaction-local settings of PostgreSQL (`SET LOCAL`), from which row-level security takes its values. A connection
that goes back to the pool carries nothing along.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction

from plein.core import chain


class ContextMissing(RuntimeError):
    """A query ran without anybody having said for whom."""


@dataclass(frozen=True, slots=True)
class Context:
    """For whom the database is asked.

    `circles` are the integer ids of the circles the seat belongs to, "everyone here" first, because that array is
    searched in order. A context without a workspace sees no record at all; it serves sign-in, sessions and queues.
    """

    workspace_id: int | None
    seat_id: UUID | None = None
    user_id: UUID | None = None
    circles: tuple[int, ...] = ()
    operation_id: UUID | None = None
    door: str = "web"

    def settings(self) -> dict[str, str]:
        """The transaction-local settings that row-level security and the triggers read."""
        return {
            "plein.workspace": "" if self.workspace_id is None else str(self.workspace_id),
            "plein.circles": "{" + ",".join(map(str, self.circles)) + "}" if self.circles else "",
            "plein.seat": str(self.seat_id or ""),
            "plein.user": str(self.user_id or ""),
            "plein.operation": str(self.operation_id or ""),
        }


_current: ContextVar[Context | None] = ContextVar("plein_context", default=None)


def current() -> Context:
    """The context in force; raises ContextMissing when there is none."""
    context = _current.get()
    if context is None:
        raise ContextMissing("A query needs a context: use workspace_context(…) or no_workspace(…).")
    return context


def workspace_id() -> int:
    """The workspace in force; raises ContextMissing outside any workspace."""
    found = current().workspace_id
    if found is None:
        raise ContextMissing("This needs a workspace, and the context says there is none.")
    return found


def seat_id() -> UUID:
    """The seat in force; raises ContextMissing where nobody in particular is asking."""
    found = current().seat_id
    if found is None:
        raise ContextMissing("This needs a seat, and the context has none.")
    return found


def default_circle_id() -> int:
    """The circle "everyone here" of the workspace in force."""
    circles = current().circles
    if not circles:
        raise ContextMissing("This needs a seat in the workspace, and the context has no circles.")
    return circles[0]


def _setting(values: dict[str, str]) -> tuple[str, list[str]]:
    """The columns of a query that sets these until the transaction ends, and its parameters."""
    return ", ".join("set_config(%s, %s, true)" for _ in values), [part for pair in values.items() for part in pair]


def _apply(values: dict[str, str]) -> None:
    selects, parameters = _setting(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selects}", parameters)


@contextmanager
def _entered(context: Context, *, apply: bool, restore: bool) -> Iterator[Context]:
    before = _current.get()
    token = _current.set(context)
    try:
        if apply:
            _apply(context.settings())
        yield context
    finally:
        _current.reset(token)
        if restore and before is not None and connection.in_atomic_block and not connection.needs_rollback:
            _apply(before.settings())


@contextmanager
def workspace_context(context: Context) -> Iterator[Context]:
    """Everything inside runs in one transaction and sees what this context may see."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), _entered(context, apply=True, restore=not is_outermost):
        yield context
        chain.write_noted(context)


@contextmanager
def context_set_by_database(context: Context, *, restore: bool) -> Iterator[Context]:
    """As `workspace_context`, for a context that `plein_enter` has set already in the running transaction."""
    with _entered(context, apply=False, restore=restore):
        yield context
        chain.write_noted(context)


@contextmanager
def entered_by_database(door: str) -> Iterator[None]:
    """For the one query that computes the context itself: it sees no record before it has set who is asking."""
    token = _current.set(Context(workspace_id=None, door=door))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def no_workspace(reason: str) -> Iterator[Context]:
    """Everything inside touches only tables without records: users, sessions, tokens, the queue.

    `reason` names the place for the reader of the code and of error reports.
    """
    nobody = Context(workspace_id=None, door=reason)
    with _entered(nobody, apply=connection.in_atomic_block, restore=connection.in_atomic_block):
        yield nobody


@contextmanager
def nowhere() -> Iterator[None]:
    """No context at all, as at the start of a process: for the tests that prove that queries raise."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def admit(circle_id: int) -> None:
    """Add a circle that was made just now, and that the reader is in, to the context in force."""
    context = current()
    if circle_id not in context.circles:
        widened = replace(context, circles=(*context.circles, circle_id))
        _current.set(widened)
        _apply({"plein.circles": widened.settings()["plein.circles"]})


def _left(context: Context) -> tuple[int, ...]:
    """Apply a context except for its circles; answer those that the database knows of by now."""
    values = context.settings()
    del values["plein.circles"]
    with connection.cursor() as cursor:
        selects, parameters = _setting(values)
        cursor.execute(f"SELECT NULLIF(current_setting('plein.circles', true), '')::integer[], {selects}", parameters)
        row = cursor.fetchone()
    return tuple(row[0]) if row and row[0] else ()


@contextmanager
def in_operation(operation_id: UUID | None, *, savepoint: bool = True) -> Iterator[Context]:
    """The same context, with its writes recorded under this operation.

    A failure inside takes back what was written inside; without `savepoint` that is the caller's business. A write may
    have made a meeting of circles that the reader is in (see `plein_meet`); the context learns of it here.
    """
    outside = current()
    recorded = replace(outside, operation_id=operation_id)
    with transaction.atomic() if savepoint else nullcontext(), _entered(recorded, apply=True, restore=False) as inside:
        yield inside
        circles = _left(outside)
    if current().circles != circles:
        _current.set(replace(outside, circles=circles))
