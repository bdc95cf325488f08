# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from plein.core.isolation import current, workspace_id
from plein.core.isolation.registry import guarded_tables

SCOPE = re.compile(r"\{([a-z]+)\}")
#: A table in a statement of Django's, and what it is called there.
READ = re.compile(r'\b(?:FROM|JOIN) "(\w+)"(?: "(\w+)")?')
#: The most that one look may bring home.
MOST = 1001
#: How alike two words must be to pass for each other: the share of letter triples they have in common, 0 to 1.
LIKENESS = "0.4"


class Unscoped(ValueError):
    """A look that does not say where the workspace and the circles apply."""


@contextmanager
def looking() -> Iterator[CursorWrapper]:
    """A cursor that acts as the finder, inside the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', 'plein_finder', true), set_config('pg_trgm.similarity_threshold', %s, true)",
            [LIKENESS],
        )
        try:
            yield cursor
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL ROLE NONE")


def scope(alias: str) -> str:
    """The literal workspace and circles in force, as a condition on the rows of one table."""
    context = current()
    circles = ",".join(str(int(circle)) for circle in context.circles)
    return f"{alias}.workspace_id = {workspace_id()} AND {alias}.circle_id = ANY ('{{{circles}}}'::integer[])"


def is_scoped(sql: str) -> bool:
    """Whether a statement that Django wrote may be the finder's: each table in it is one the finder looks in, and
    each of its rows is asked for its circle.

    A table that is merely joined to another one is not asked: row-level security would do that, but not here.
    """
    named = Counter((table, alias or table) for table, alias in READ.findall(sql))
    aliases = Counter(alias for _table, alias in named.elements())
    return all(table in _looked_in() for table, _alias in named) and all(
        sql.count(f'"{alias}"."circle_id" IN (') >= times for alias, times in aliases.items()
    )


@cache
def _looked_in() -> frozenset[str]:
    return frozenset(one.name for one in guarded_tables() if one.isolation.is_found and one.has_circle)


def scoped(statement: str) -> str:
    """The statement with every `{alias}` replaced by the scope of that table; raises Unscoped without any."""
    if not SCOPE.search(statement):
        raise Unscoped(statement)
    return SCOPE.sub(lambda found: scope(found.group(1)), statement)


def find_ids(statement: str, parameters: Mapping[str, Any], *, limit: int) -> list[UUID]:
    """The ids that a statement finds, in its order, at most `limit`.

    The statement selects one column, `id`, and names with `{alias}` each table to which workspace and circles apply.
    """
    with looking() as cursor:
        cursor.execute(f"SELECT id FROM ({scoped(statement)}) found LIMIT {min(limit, MOST)}", parameters)
        return [row[0] for row in cursor.fetchall()]
