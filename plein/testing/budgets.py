# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many statements a page may take: written in `query_counts.json` beside its test, twelve at most."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

MOST = 12
#: A test runs in a transaction of its own: these mark and restore what a request finds open.
UNCOUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SELECT set_config('plein.workspace'")


@contextmanager
def within_budget(test_file: str, name: str) -> Iterator[None]:
    """What runs inside takes no more statements than the budget of that name says."""
    budget = json.loads(Path(test_file).with_name("query_counts.json").read_text())[name]
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if not query["sql"].startswith(UNCOUNTED)]
    assert budget <= MOST, f"{name} asks for more than {MOST} statements"
    assert len(asked) <= budget, f"{name} took {len(asked)} statements, not {budget}:\n" + "\n".join(asked)
