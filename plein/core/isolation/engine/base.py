# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from plein.core.isolation.context import current, no_workspace

OWNER_ALIAS = "owner"
SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")


def require_context(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse a query for which no context says for whom it is.

    The owner's connection is exempt: it migrates and protects. So are savepoints, which ask nothing.
    """
    if context["connection"].alias != OWNER_ALIAS and not str(sql).startswith(SAVEPOINTS):
        current()
    return execute(sql, params, many, context)


class DatabaseWrapper(base.DatabaseWrapper):
    """A PostgreSQL connection on which a query without context raises."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(require_context)

    def connect(self) -> None:
        """Open the connection; what Django itself asks of it meanwhile is asked for nobody."""
        with no_workspace("connect"):
            super().connect()
