# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tell people that something was done, with the way back beside it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

SESSION_KEY = "toasts"


def toast(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Show a sentence on the next page, with Undo when there is an address that undoes it."""
    waiting = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*waiting, {"text": str(text), "undo": undo_url}][-3:]


def toast_now(response: HttpResponse, text: str, undo_url: str = "") -> HttpResponse:
    """Show a sentence as soon as this fragment arrives."""
    detail = {"text": str(text), "undo": undo_url}
    response["HX-Trigger"] = json.dumps({"plein:toast": detail})
    return response


def take_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """Hand over the sentences that wait for this page, once."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return []
    waiting: list[dict[str, Any]] = session.pop(SESSION_KEY)
    return waiting
