# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sentence about what was done, with the way back beside it, for the page or the fragment that follows."""

import json
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse

SESSION_KEY = "toasts"


def undo_address(operation_id: UUID | None) -> str:
    """Where a POST undoes this operation, or nothing when there is no such page."""
    if operation_id is None:
        return ""
    try:
        return reverse("web:undo", args=[operation_id])
    except NoReverseMatch:
        return ""


def toast_later(request: HttpRequest, text: str, operation_id: UUID | None = None, *, undo_url: str = "") -> None:
    """Show a sentence on the next page; `undo_url` is for what is undone without an operation."""
    waiting = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*waiting, {"text": str(text), "undo": undo_url or undo_address(operation_id)}][-3:]


def toast_now[R: HttpResponseBase](
    response: R, text: str, operation_id: UUID | None = None, *, undo_url: str = "", href: str = ""
) -> R:
    """Show a sentence as soon as this fragment arrives; with `href` it leads there."""
    detail = {"text": str(text), "undo": undo_url or undo_address(operation_id)} | ({"href": href} if href else {})
    response.headers["HX-Trigger"] = json.dumps({"plein:toast": detail})
    return response
