# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hand over to the page the sentences about what was done; `plein.core.toasts` is where they are left."""

from typing import Any

from django.http import HttpRequest

from plein.core.toasts import SESSION_KEY


def take_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """Hand over the sentences that wait for this page, once."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return []
    waiting: list[dict[str, Any]] = session.pop(SESSION_KEY)
    return waiting
