# SPDX-License-Identifier: AGPL-3.0-or-later
"""The runs in the background that a browser's session is to be told about when they are over."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest

KEY = "bulk_waiting"
MOST = 5


def wait_for(request: HttpRequest, run_id: UUID) -> None:
    """Tell this browser when the run is over."""
    request.session[KEY] = [*request.session.get(KEY, []), str(run_id)][-MOST:]


def waited_for(request: HttpRequest) -> list[str]:
    """The runs this browser waits for."""
    session = getattr(request, "session", None)
    return list(session.get(KEY, [])) if session is not None else []


def wait_on(request: HttpRequest, still: Sequence[str]) -> None:
    """Go on waiting for these only."""
    if len(still) != len(waited_for(request)):
        request.session[KEY] = list(still)
