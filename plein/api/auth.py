# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is asking: a token, in the header and nowhere else; a session opens nothing here, so no page can borrow it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from pydantic import BaseModel

from plein.api.errors import TooMany, Unparsed
from plein.core.paging import LONGEST_CURSOR
from plein.trust.actions import TOKEN_PREFIX, find_token
from plein.trust.models import ApiToken
from plein.trust.permissions import permit
from plein.trust.rates import seconds_to_wait
from plein.trust.seats import NoSeat, entered

REQUESTS_A_MINUTE = 600
LONGEST_SECRET = 200
READING = ("GET", "HEAD")


class Bearer(HttpBearer):
    """A token, counted and still good."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token behind the secret; raises TooMany when it was used too often in the last minute."""
        if not token.startswith(TOKEN_PREFIX) or len(token) > LONGEST_SECRET:
            return None
        found = find_token(token)
        if found is None:
            return None
        wait = seconds_to_wait(found.id, most=REQUESTS_A_MINUTE)
        if wait:
            raise TooMany(wait)
        return found


def as_holder[**P, R](operation: Callable[P, R]) -> Callable[P, R]:
    """Carry an operation out as the holder of the token, in one transaction, within the scope of the token."""

    @wraps(operation)
    def carried_out(*arguments: P.args, **values: P.kwargs) -> R:
        request: Any = arguments[0]
        token: ApiToken = request.auth
        refuse_strange_parameters(request, values)
        try:
            with entered(token.user, token.into_workspace, door="api") as seat:
                request.user, request.seat = token.user, replace(seat, scope=token.scope)
                permit(request.seat, "read" if request.method in READING else "write")
                return operation(*arguments, **values)
        except NoSeat as trouble:
            raise AuthenticationError from trouble

    return carried_out


def refuse_strange_parameters(request: HttpRequest, known: dict[str, Any]) -> None:
    """Raise Unparsed for parameters that the operation does not know, or that no person would send."""
    names = set(_names(known)) - set(request.resolver_match.kwargs if request.resolver_match else ())
    strange = {}
    for name, values in request.GET.lists():
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
        if isinstance(value, BaseModel):
            yield from type(value).model_fields
        else:
            yield name
