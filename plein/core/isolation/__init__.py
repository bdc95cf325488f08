# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may see what: the context of a request or job, and the two locks that read it.

Lock 1 is PostgreSQL's row-level security, generated from the models by `protection`. Lock 2 is the scoping of
every query set with the literal workspace and circles (`plein.core.records`).
"""

from plein.core.isolation.context import (
    Context,
    ContextMissing,
    admit,
    current,
    default_circle_id,
    in_operation,
    no_workspace,
    nowhere,
    seat_id,
    workspace_context,
    workspace_id,
)

__all__ = [
    "Context",
    "ContextMissing",
    "admit",
    "current",
    "default_circle_id",
    "in_operation",
    "no_workspace",
    "nowhere",
    "seat_id",
    "workspace_context",
    "workspace_id",
]
