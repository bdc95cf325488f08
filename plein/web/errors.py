# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read when something does not work: plain words, never a code, and no database needed."""

import errno
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plein.core.operations import EditConflict
from plein.trust.looking import looking_of
from plein.trust.rates import TooOften
from plein.web.former_addresses import of_former

RETRY_SECONDS = "10"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
#: What is raised when the database went away.
GONE = (OperationalError, InterfaceError, psycopg.OperationalError)


@dataclass(frozen=True)
class Explanation:
    """What happened, what you can do, and how it looks."""

    title: str | Promise
    text: str | Promise
    icon: str
    tone: str
    retry: bool = False


EXPLANATIONS = {
    400: Explanation(
        _("We could not read that"),
        _("Part of the address or the form was missing. Go back and try it once more."),
        "help-circle",
        "grey",
    ),
    401: Explanation(
        _("You are not signed in"),
        _("Sign in and try it once more. What you wrote is still there."),
        "lock",
        "grey",
    ),
    403: Explanation(
        _("This is not yours to change"),
        _("You may look, but changing it takes another role. Ask an administrator of your workspace."),
        "lock",
        "grey",
    ),
    404: Explanation(
        _("There is nothing here"),
        _("It may have moved, or it was never here. Search for it by name."),
        "compass",
        "blue",
    ),
    409: Explanation(
        _("Someone else changed this just before you"),
        _("Nothing of theirs was lost. Open it again to see the new version, then make your change."),
        "git-merge",
        "yellow",
    ),
    405: Explanation(
        _("That is not how this works"),
        _("Go back to the page and use its buttons. Nothing was changed."),
        "help-circle",
        "grey",
    ),
    413: Explanation(
        _("That file is too big"),
        _("Bring it in as an import, where large files go in pieces, or split it first."),
        "file-zip",
        "orange",
    ),
    421: Explanation(
        _("You are in another workspace now"),
        _("In another tab you went to another workspace, and this page is of the one before. Nothing was done."),
        "building",
        "yellow",
    ),
    429: Explanation(
        _("That was a lot at once"),
        _("Wait a minute and try again. Nothing was lost."),
        "clock",
        "yellow",
        retry=True,
    ),
    500: Explanation(
        _("We could not finish this"),
        _("The fault is ours and it has been noted. Nothing was half saved. Try again in a moment."),
        "tools",
        "rose",
        retry=True,
    ),
    503: Explanation(
        _("Plein is not ready yet"),
        _("It is starting, or its database is away for a moment. Try again in a minute."),
        "player-pause",
        "yellow",
        retry=True,
    ),
    507: Explanation(
        _("There is no room left to write"),
        _("Looking still works and nothing was lost or half saved. Whoever runs this Plein has to make room."),
        "cloud-off",
        "rose",
        retry=True,
    ),
}
LAST_RESORT = (
    "<!doctype html><html lang=en><title>Plein</title><h1>We could not finish this</h1>"
    "<p>The fault is ours. Nothing was half saved. Try again in a moment.</p>"
)


def shows_nothing(response: HttpResponseBase) -> bool:
    """Whether an answer is an error in words of ours, or in none: whatever was read for it was shown to nobody."""
    is_empty = isinstance(response, HttpResponse) and not response.content
    return is_empty or getattr(response, "shows_nothing", False)


def error_page(request: HttpRequest, status: int, title: str = "", text: str = "", **extra: Any) -> HttpResponse:
    """Answer with a page, or with a strip when only a fragment was asked for."""
    known = EXPLANATIONS.get(status, EXPLANATIONS[500])
    context = {"status": status, "known": known, "title": title or known.title, "text": text or known.text} | extra
    fragment = request.headers.get("HX-Request") == "true"
    name = "web/components/error_strip.html" if fragment else "web/error.html"
    response = HttpResponse(render_to_string(name, context), status=status)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request"
    response.shows_nothing = True  # type: ignore[attr-defined]
    if status in (503, 507):
        response["Retry-After"] = RETRY_SECONDS
    return response


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def status_of(error: BaseException) -> int | None:
    """Which answer fits an error, or None when it is a fault of ours."""
    for one in _causes(error):
        if isinstance(one, psycopg.errors.DiskFull):
            return 507
        if isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT):
            return 507
    plain: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], int], ...] = (
        (EditConflict, 409),
        (PermissionDenied, 403),
        (Http404, 404),
        (TOO_MUCH, 413),
        (GONE, 503),
    )
    return next((status for kinds, status in plain if isinstance(error, kinds)), None)


def only_looking(name: str) -> tuple[str, str]:
    """What to say to whoever would change something while they look through a colleague's eyes."""
    text = gettext(
        "You look through the eyes of %(name)s. Stop looking first; then you can change what you may change yourself."
    )
    return gettext("Nothing can be changed while you look"), text % {"name": name}


def theirs_alone(name: str) -> tuple[str, str]:
    """What to say to whoever would see how a colleague gets in."""
    text = gettext("How %(name)s signs in, and what their devices keep, is nobody else's.")
    return gettext("This is theirs alone"), text % {"name": name}


def answer_to(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """Answer for an error that has words of its own."""
    looking = looking_of(request)
    if looking is not None and any(isinstance(one, psycopg.errors.ReadOnlySqlTransaction) for one in _causes(error)):
        return error_page(request, 403, *only_looking(looking.name))
    if isinstance(error, TooOften):
        return _too_often(request, error.wait)
    status = status_of(error)
    if isinstance(error, Http404) and (elsewhere := of_former(request)) is not None:
        return elsewhere
    return error_page(request, status) if status else None


def _too_often(request: HttpRequest, wait: int) -> HttpResponse:
    text = gettext("Wait %(count)s seconds, then go on. Nothing was lost.") % {"count": wait}
    response = error_page(request, 429, "", text)
    response["Retry-After"] = str(wait)
    return response


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer what could not be read; a session that could not be kept is our database's fault, not the visitor's."""
    if any(isinstance(one, GONE) for one in _causes(exception)):
        return error_page(request, 503)
    return error_page(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer even when our own templates are what broke, or the layer that keeps sessions."""
    error = sys.exc_info()[1]
    try:
        return (answer_to(request, error) if error else None) or error_page(request, 500)
    except Exception:
        response = HttpResponse(LAST_RESORT, status=500)
        response.shows_nothing = True  # type: ignore[attr-defined]
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was open for too long."""
    title = _("This page was open for too long")
    text = _("Go back, reload the page and send it again. What you wrote is still there.")
    return error_page(request, 403, str(title), str(text))
