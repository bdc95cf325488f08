# SPDX-License-Identifier: AGPL-3.0-or-later
"""For whom an assistant works: a token, looked up again at each call, so that one that was revoked ends there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connection
from django.utils import translation
from django.utils.translation import gettext as _
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from plein.core.audit import arriving_with
from plein.trust.actions import TOKEN_PREFIX, find_token
from plein.trust.models import ApiToken
from plein.trust.permissions import Verb, permit
from plein.trust.rates import seconds_to_wait
from plein.trust.seats import Entrance, NoSeat, entered

CALLS_A_MINUTE = 120
LONGEST_SECRET = 200
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Holder:
    """What a server carries along when it works for one person only, over standard input and output."""

    secret: str = ""


def secret_in(headers: Any) -> str:
    """The token in the headers of a request, or nothing."""
    value = headers.get("authorization") or ""
    return value[len(BEARER) :].strip() if value.lower().startswith(BEARER) else ""


def good_token(secret: str) -> ApiToken | None:
    """The token behind a secret, if it is still good."""
    if not secret.startswith(TOKEN_PREFIX) or len(secret) > LONGEST_SECRET:
        return None
    return find_token(secret)


def _secret_of(context: Context[Any, Any]) -> str:
    asking = context.request_context
    if asking.request is not None:
        return secret_in(asking.request.headers)
    return asking.lifespan_context.secret if isinstance(asking.lifespan_context, Holder) else ""


@contextmanager
def working(context: Context[Any, Any], verb: Verb = "read") -> Iterator[Entrance]:
    """Everything inside is done as the holder of the token, in one transaction, in their language.

    What goes wrong in an expected way becomes a sentence for the assistant.
    """
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        token = good_token(_secret_of(context))
        if token is None:
            raise ToolError(_("This token does not work any more. Make another one in Plein, under Set up."))
        wait = seconds_to_wait(token.id, most=CALLS_A_MINUTE)
        if wait:
            raise ToolError(_("That is too much in one minute. Try again in %(wait)s seconds.") % {"wait": wait})
        with translation.override(token.user.language or "en"), _entered(token) as actor:
            _permit(actor, verb)
            yield actor
    finally:
        # The thread is lent out; its connection goes back to the pool.
        if not connection.in_atomic_block:
            connection.close()


@contextmanager
def _entered(token: ApiToken) -> Iterator[Entrance]:
    try:
        with arriving_with(token.id), entered(token.user, token.into_workspace, door="assistant") as seat:
            yield replace(seat, scope=token.scope, is_proven=token.is_proven)
    except NoSeat as trouble:
        raise ToolError(_("Whose token this is has no seat here any more.")) from trouble


def _permit(actor: Entrance, verb: Verb) -> None:
    try:
        permit(actor, verb)
    except PermissionDenied as trouble:
        raise ToolError(
            _("This token may not %(verb)s: its scope is %(scope)s and its holder is %(role)s.")
            % {"verb": verb, "scope": actor.scope, "role": actor.role}
        ) from trouble
