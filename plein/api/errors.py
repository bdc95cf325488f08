# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a program reads when something does not work: a code to act on, and a sentence for whoever reads the log."""

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from plein.core.operations import CannotUndo, EditConflict
from plein.core.paging import NotUnderstood

logger = logging.getLogger(__name__)
RETRY_SECONDS = 10


class TooMany(Exception):
    """Somebody asks more often than they may; `wait` says for how many seconds to be quiet."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Unparsed(ValueError):
    """Parameters that cannot be read, each with a sentence."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error: its code, which stays the same, and its sentence, which follows the reader's language."""

    code: str
    message: str | Promise


EXPLANATIONS = {
    400: Explanation("bad_request", _("This request cannot be read.")),
    401: Explanation("no_token", _("Send a token that is still good: `Authorization: Bearer …`.")),
    403: Explanation("not_allowed", _("The role of this user, or the scope of this token, does not allow this.")),
    404: Explanation("not_found", _("There is nothing here.")),
    405: Explanation("wrong_method", _("This address does not take that method.")),
    409: Explanation("conflict", _("Somebody changed this in the meantime. Read it again, then make your change.")),
    413: Explanation("too_big", _("This is more than one request may carry.")),
    422: Explanation("not_understood", _("Part of this request is not understood.")),
    429: Explanation("too_many", _("These are more requests than one token may make in a minute.")),
    500: Explanation("fault", _("The fault is ours and it has been noted. Nothing was half saved.")),
    503: Explanation("not_ready", _("Plein is starting, or its database is away for a moment.")),
    507: Explanation("no_room", _("There is no room left to write. Reading still works and nothing was lost.")),
}
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
STATUSES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], int], ...] = (
    ((EditConflict, CannotUndo), 409),
    (PermissionDenied, 403),
    (Http404, 404),
    (TOO_MUCH, 413),
    (TooMany, 429),
    ((BadRequest, SuspiciousOperation), 400),
    ((OperationalError, InterfaceError, psycopg.OperationalError), 503),
)


def answer(status: int, message: str = "", fields: dict[str, Any] | None = None, code: str = "") -> JsonResponse:
    """An error as the door tells it."""
    known = EXPLANATIONS.get(status, EXPLANATIONS[500])
    error = {"code": code or known.code, "message": message or str(known.message), "fields": fields or {}}
    response = JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (503, 507):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def answer_to(request: HttpRequest, error: Any) -> JsonResponse:
    """The answer to an error, whatever it is: words, never a trace."""
    del request
    match error:
        case ValidationError():
            return answer(422, fields=dict(_said_of(one) for one in error.errors))
        case Unparsed():
            return answer(422, fields=error.fields)
        case NotUnderstood():
            return answer(422, fields={error.field: str(error)})
        case HttpError():
            return answer(error.status_code)
        case CannotUndo():
            return _not_undone(error)
        case EditConflict():
            return answer(409, fields={field: str(getattr(error.current, field)) for field in error.differing})
    status = status_of(error)
    if status == 500:
        logger.error("a request through the REST door failed", exc_info=error)
    response = answer(status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.wait)
    return response


def status_of(error: BaseException) -> int:
    """Which answer fits an error."""
    for one in _causes(error):
        is_full = isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT)
        if is_full or isinstance(one, psycopg.errors.DiskFull):
            return 507
    return next((status for kinds, status in STATUSES if isinstance(error, kinds)), 500)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _not_undone(error: CannotUndo) -> JsonResponse:
    if error.reason == "unknown":
        return answer(404)
    words = {
        "undone": say("This was turned back already."),
        "expired": say("This is more than 30 days ago, so it can no longer be turned back."),
        "owner": say("Turning this back would leave the workspace without an owner."),
    }
    return answer(409, words.get(error.reason, say("There is nothing to turn back.")), code=error.reason)


def _said_of(error: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with one parameter, in words."""
    bounds = error.get("ctx", {})
    match error["type"]:
        case "missing":
            words = say("This is needed.")
        case "int_parsing" | "int_parsing_size" | "int_type":
            words = say("This is to be a whole number.")
        case "uuid_parsing" | "uuid_type" | "uuid_version":
            words = say("This is to be an id.")
        case "literal_error":
            words = say("This is to be %(choices)s.") % {"choices": bounds["expected"]}
        case "greater_than_equal":
            words = say("This is to be at least %(least)s.") % {"least": bounds["ge"]}
        case "less_than_equal":
            words = say("This is to be at most %(most)s.") % {"most": bounds["le"]}
        case "string_too_long":
            words = say("This is to be %(most)s characters at most.") % {"most": bounds["max_length"]}
        case _:
            words = say("This is not understood.")
    return str(error["loc"][-1]), words
