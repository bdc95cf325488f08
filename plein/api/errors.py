# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an error to what a program reads (RFC 9457): a code to act on, and a sentence for whoever reads the log."""

import errno
import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
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
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as say
from ninja.errors import HttpError, ValidationError

from plein.api.problems import PROBLEMS, USUAL
from plein.api.refusals import NOT_NOW, NOT_SO, TOO_OFTEN
from plein.core.operations import CannotUndo, EditConflict
from plein.core.paging import NotUnderstood
from plein.core.payloads import Invalid
from plein.metadata.refusals import ValueConflict, WrongValues
from plein.moments.actions import FileTooLarge
from plein.moments.actions.participants import UnknownRelation
from plein.moments.repeats import BadRule
from plein.trust.actions import Moved
from plein.trust.circles import UnknownCircle
from plein.trust.permissions import ProofMissing
from plein.trust.placed import key_of

logger = logging.getLogger(__name__)
type Kinds = type[BaseException] | tuple[type[BaseException], ...]
RETRY_SECONDS = 10
PROBLEM_JSON = "application/problem+json"


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


class Told(Exception):
    """A problem by its code, with a sentence of its own where it has one."""

    def __init__(self, code: str, detail: str = "", wait: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.wait = wait


class Unreadable(ValueError):
    """A body that is no JSON that we read; the message says what is wrong with it."""


TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
STATUSES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], int], ...] = (
    (PermissionDenied, 403),
    (Http404, 404),
    (TOO_MUCH, 413),
    (TooMany, 429),
    ((BadRequest, SuspiciousOperation, MultiPartParserError), 400),
    ((OperationalError, InterfaceError, psycopg.OperationalError), 503),
)


def answer(
    request: HttpRequest,
    code: str | int,
    detail: str = "",
    fields: dict[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """A problem as the door tells it, by its code or by its status."""
    problem = USUAL.get(code, USUAL[500]) if isinstance(code, int) else PROBLEMS[code]
    told = {
        "type": problem.type,
        "title": str(problem.title),
        "status": problem.status,
        "detail": detail or str(problem.title),
        "instance": request.path,
        "code": problem.code,
        "fields": fields or {},
        **more,
    }
    response = JsonResponse(
        told, status=problem.status, content_type=PROBLEM_JSON, json_dumps_params={"ensure_ascii": False}
    )
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status in (503, 507):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def answer_to(request: HttpRequest, error: Any) -> JsonResponse:
    """The answer to an error, whatever it is: words, never a trace."""
    for kinds, tell in _TELLING:
        if isinstance(error, kinds):
            return tell(request, error)
    status = status_of(error)
    if status == 500:
        logger.error("a request through the REST door failed", exc_info=error)
    return answer(request, status)


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


def _unvalidated(request: HttpRequest, error: ValidationError) -> JsonResponse:
    return answer(request, 422, fields=dict(_said_of(one) for one in error.errors))


def _http_error(request: HttpRequest, error: HttpError) -> JsonResponse:
    why = next((str(one) for one in _causes(error) if isinstance(one, Unreadable)), "")
    return answer(request, error.status_code, why)


def _refused(request: HttpRequest, error: Any) -> JsonResponse:
    return answer(request, 422, str(error), {error.field: str(error)} if error.field else None)


def _circle(request: HttpRequest, error: UnknownCircle) -> JsonResponse:
    words = say("Choose one of the circles you are in.")
    return answer(request, 422, words, {"audience": words})


def _stranger(request: HttpRequest, error: UnknownRelation) -> JsonResponse:
    return answer(request, 422, say("Somebody you named cannot be found."))


def _told(request: HttpRequest, error: Told) -> JsonResponse:
    response = answer(request, error.code, error.detail)
    if error.wait:
        response.headers["Retry-After"] = str(error.wait)
    return response


def _too_many(request: HttpRequest, error: Any) -> JsonResponse:
    response = answer(request, 429, str(error) if isinstance(error, ValueError) else "")
    response.headers["Retry-After"] = str(error.wait)
    return response


def _not_undone(request: HttpRequest, error: CannotUndo) -> JsonResponse:
    if error.reason == "unknown":
        return answer(request, 404)
    return answer(request, error.reason if error.reason in PROBLEMS else "empty")


def _conflict(request: HttpRequest, error: EditConflict) -> JsonResponse:
    """Both values of every field that differs: nothing of anybody is lost."""
    both = {
        name: {"theirs": _plain(getattr(error.current, name, None)), "yours": _plain(error.wanted[name])}
        for name in error.differing
    }
    words = {name: say("This is something else by now.") for name in both}
    return answer(request, 409, fields=words, conflicts=both, version=error.current.version)


def _moved(request: HttpRequest, error: Moved) -> JsonResponse:
    """Who sees it by now, as far as the reader can say it, and what was wanted."""
    both = {"circle": {"theirs": key_of(error.kind, error.record) or None, "yours": error.audience}}
    words = {"circle": say("This is something else by now.")}
    return answer(request, 409, fields=words, conflicts=both, version=getattr(error.record, "version", None))


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat().replace("+00:00", "Z")
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def _own_conflict(request: HttpRequest, error: ValueConflict) -> JsonResponse:
    """The same, of the company's own fields."""
    both = {
        f"custom.{one.field.key}": {"theirs": _plain(one.theirs), "yours": _plain(one.mine)} for one in error.differing
    }
    words = {name: say("This is something else by now.") for name in both}
    return answer(request, 409, fields=words, conflicts=both, version=error.version)


def _wrong_values(request: HttpRequest, error: WrongValues) -> JsonResponse:
    return answer(request, 422, fields={f"custom.{key}": words for key, words in error.errors.items()})


_TELLING: tuple[tuple[Kinds, Callable[[HttpRequest, Any], JsonResponse]], ...] = (
    (ValidationError, _unvalidated),
    (Invalid, lambda request, error: answer(request, 422, error.detail, error.fields)),
    (Unparsed, lambda request, error: answer(request, 422, fields=error.fields)),
    (NotUnderstood, lambda request, error: answer(request, 422, fields={error.field: str(error)})),
    (HttpError, _http_error),
    (Told, _told),
    (ProofMissing, lambda request, error: answer(request, "proof_missing")),
    ((TooMany, *TOO_OFTEN), _too_many),
    (CannotUndo, _not_undone),
    (EditConflict, _conflict),
    (Moved, _moved),
    (ValueConflict, _own_conflict),
    (WrongValues, _wrong_values),
    (NOT_SO, _refused),
    (UnknownCircle, _circle),
    (UnknownRelation, _stranger),
    (FileTooLarge, lambda request, error: answer(request, 413, str(error))),
    (NOT_NOW, lambda request, error: answer(request, "not_possible", str(error))),
    (BadRule, lambda request, error: answer(request, 422, str(error), {"repeat": str(error)})),
)


def _said_of(error: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with one parameter or field, in words."""
    bounds = error.get("ctx", {})
    known = _BOUNDED.get(error["type"])
    words = str(known[0]()) % {"bound": bounds.get(known[1])} if known else ""
    place = [str(part) for part in error["loc"][1:]]
    name = ".".join(place[1:] if place[:1] == ["payload"] else place) or "body"
    return name, words or _unbounded(error["type"])


def _unbounded(kind: str) -> str:
    if kind.startswith(("int_", "finite")):
        return say("This is to be a whole number.")
    if kind.startswith("uuid_"):
        return say("This is to be an id.")
    if kind.startswith("datetime_") or kind == "timezone_aware":
        return say("This is to be a time with its zone, such as 2026-03-01T13:30:00Z.")
    if kind.startswith("date_"):
        return say("This is to be a date, such as 2026-03-01.")
    words = {
        "missing": say("This is needed."),
        "extra_forbidden": say("There is no such field."),
        "string_type": say("This is to be text."),
        "bool_type": say("This is to be true or false."),
        "bool_parsing": say("This is to be true or false."),
        "list_type": say("This is to be a list."),
    }
    return words.get(kind, say("This is not understood."))


_BOUNDED: dict[str, tuple[Callable[[], str], str]] = {
    "literal_error": (lambda: say("This is to be %(bound)s."), "expected"),
    "greater_than_equal": (lambda: say("This is to be at least %(bound)s."), "ge"),
    "less_than_equal": (lambda: say("This is to be at most %(bound)s."), "le"),
    "string_too_long": (lambda: say("This is to be %(bound)s characters at most."), "max_length"),
    "too_long": (lambda: say("These are to be %(bound)s at most."), "max_length"),
}
