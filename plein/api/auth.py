# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is asking: a token, in the header and nowhere else; a session opens nothing here, so no page can borrow it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from pydantic import BaseModel

from plein.api.errors import Told, TooMany, Unparsed
from plein.api.holding import holding
from plein.api.once import once
from plein.api.rendering import FIELDS, rendered
from plein.core.audit import arriving_with, audit_apart
from plein.core.paging import LONGEST_CURSOR
from plein.trust.actions import TOKEN_PREFIX, find_token, is_vouched_for
from plein.trust.addresses import remote_address
from plein.trust.models import ApiToken
from plein.trust.permissions import SCOPES, Verb, permit
from plein.trust.rates import COUNTED, WRONG_TOKENS, seconds_to_wait
from plein.trust.seats import Entrance, NoSeat

REQUESTS_A_MINUTE = 600
LONGEST_SECRET = 200
READING = ("GET", "HEAD")
OPERATION = "Plein-Operation"


class Bearer(HttpBearer):
    """A token, counted, still good, and made for what is asked."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token behind the secret; raises TooMany when it was used too often in the last minute."""
        if not token.startswith(TOKEN_PREFIX) or len(token) > LONGEST_SECRET:
            return None
        found = find_token(token, remote_address(request))
        if found is None:
            _count(uuid5(COUNTED, f"wrong token\n{remote_address(request)}"), WRONG_TOKENS)
            return None
        _count(found.id, REQUESTS_A_MINUTE)
        try:
            refuse_scope(found.scope, getattr(request, "verbs", ("read",)))
        except Told:
            _log_refusal(found, getattr(request, "asked", ""))
            raise
        return found


def verbs_of(operation: Any, method: str | None) -> tuple[Verb, ...]:
    """What an operation of the door does, in the words of permissions."""
    found: tuple[Verb, ...] = getattr(operation, "needs", ("read",) if method in READING else ("write",))
    return found


def scopes_for(verbs: Iterable[Verb]) -> list[str]:
    """The scopes of a token that allow all of these verbs."""
    return [scope for scope, allowed in SCOPES.items() if allowed >= set(verbs)]


def refuse_scope(scope: str, verbs: Iterable[Verb]) -> None:
    """Raise for a token that was not made for this, naming what it takes."""
    wanted = scopes_for(verbs)
    if scope not in wanted:
        words = _("This token has the scope %(scope)s; this takes %(wanted)s.")
        raise Told("scope_missing", words % {"scope": scope, "wanted": _(" or ").join(wanted)})


def _count(subject: UUID, most: int) -> None:
    wait = seconds_to_wait(subject, most=most)
    if wait:
        raise TooMany(wait)


def knowing_its_verbs(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Tell a request what it asks for before anybody looks who asks it."""
    operation = run.__self__.view_func  # type: ignore[attr-defined]  # ninja hands over the method of its operation

    @wraps(run)
    def prepared(request: HttpRequest, **values: Any) -> HttpResponseBase:
        request.verbs = verbs_of(operation, request.method)  # type: ignore[attr-defined]
        request.asked = operation.__name__  # type: ignore[attr-defined]
        return run(request, **values)

    return prepared


def as_holder(operation: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """Carry an operation out as the holder of the token, in one transaction, within the scope of the token.

    The answer is made inside the transaction, so that it is kept together with what was done.
    """

    @wraps(operation)
    def carried_out(request: Any, *arguments: Any, **values: Any) -> HttpResponseBase:
        token: ApiToken = request.auth
        refuse_strange_parameters(request, values)
        if most := getattr(operation, "at_most", 0):
            _count(uuid5(token.id, operation.__name__), most)
        try:
            with holding(token) as seat:
                request.user, request.seat = token.user, _seat_of(token, seat)
                if seat.owes_proof and not is_vouched_for(token.user):
                    raise Told("second_step_missing")
                for verb in request.verbs:
                    permit(request.seat, verb)
                return once(request, request.seat, lambda: _answered(request, operation(request, *arguments, **values)))
        except NoSeat as trouble:
            raise AuthenticationError from trouble
        except PermissionDenied:
            _log_refusal(token, operation.__name__)
            raise

    return carried_out


def _seat_of(token: ApiToken, seat: Entrance) -> Entrance:
    return replace(seat, scope=token.scope, is_proven=token.is_proven)


def _log_refusal(token: ApiToken, operation: str) -> None:
    with arriving_with(token.id):
        audit_apart("refused", workspace=token.into_workspace, user=token.user_id, door="api", page=operation)


def _answered(request: HttpRequest, result: Any) -> HttpResponseBase:
    response = rendered(request, result)
    done = getattr(request, "operation_id", None)
    if done is not None:
        response.headers[OPERATION] = str(done)
    return response


def refuse_strange_parameters(request: HttpRequest, known: dict[str, Any]) -> None:
    """Raise Unparsed for parameters that the operation does not know, or that no person would send."""
    names = set(_names(known)) - set(request.resolver_match.kwargs if request.resolver_match else ())
    strange = {}
    for name, values in request.GET.lists():
        if name == FIELDS and request.method == "GET" and len(values) == 1:
            continue
        if name not in names:
            strange[name[:100]] = _("There is no such parameter; there are: %(names)s.") % {
                "names": ", ".join(sorted(names)) or _("none")
            }
        elif len(values) > 1:
            strange[name] = _("This is given more than once.")
        elif "\x00" in values[0] or len(values[0]) > LONGEST_CURSOR:
            strange[name] = _("This is not understood.")
    if strange:
        raise Unparsed(strange)


def _names(values: dict[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        if name != "payload" and isinstance(value, BaseModel):
            yield from type(value).model_fields
        elif name not in ("payload", "files", "photo"):
            # A name that is a word of Python's own ends in an underscore here.
            yield name.removesuffix("_")
