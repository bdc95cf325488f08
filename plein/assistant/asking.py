# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing is written before a person said yes.

Where the client can ask its user, Plein asks through it. Where it cannot, the call answers with what would be written
and a code; the same call with that code writes it. The code is signed, bound to the token and to every word of the
call, and good for ten minutes and one write.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit
from pydantic import BaseModel, Field

from plein.core.ids import now
from plein.core.isolation import seat_id
from plein.core.models import Operation
from plein.core.operations import operation

GOOD_SECONDS = 600
SALT = "plein.assistant"


class Answer(BaseModel):
    """What the person said."""

    confirm: bool = Field(default=False, title="Do it")


def can_ask(context: Context[Any, Any]) -> bool:
    """Whether this client can put a question to its user."""
    capabilities = context.client_capabilities
    asking = capabilities.elicitation if capabilities is not None else None
    return asking is not None and (asking.form is not None or asking.url is None)


def question(context: Context[Any, Any], words: str, holder: str, call: dict[str, Any], code: str) -> Any:
    """The answer when there is one already, else the question."""
    if code:
        return Answer(confirm=is_code(code, holder, call))
    return Elicit(words, Answer) if can_ask(context) else Answer(confirm=False)


def code_for(holder: str, call: dict[str, Any]) -> str:
    """A code with which exactly this call may be made by this holder."""
    return signing.dumps(_print(holder, call), salt=SALT)


def is_code(code: str, holder: str, call: dict[str, Any]) -> bool:
    """Whether a code was given for this call by this holder."""
    try:
        return bool(signing.loads(code, salt=SALT, max_age=GOOD_SECONDS) == _print(holder, call))
    except signing.BadSignature:
        return False


def unconfirmed(words: str) -> str:
    """What to tell the assistant when nobody said yes yet."""
    return _(
        "Nothing was written. Show this to the person, and call again with the code when they agree: %(words)s"
    ) % {"words": words}


def _print(holder: str, call: dict[str, Any]) -> str:
    said = json.dumps([holder, call], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


@contextmanager
def written_once(verb: str, code: str) -> Iterator[Operation]:
    """One operation for what was agreed to; raises ToolError when this code wrote it already."""
    if not code:
        with operation(verb) as done:
            yield done
        return
    mark = hashlib.sha256(code.encode()).hexdigest()
    with connection.cursor() as cursor:
        # Two calls with one code wait for each other here; the lock ends with the transaction.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [mark])
    recent = Operation.objects.filter(seat_id=seat_id(), started_at__gt=now() - timedelta(seconds=GOOD_SECONDS * 2))
    if recent.filter(facts__agreed=mark).exists():
        raise ToolError(_("This was written already; nothing was done twice."))
    with operation(verb, agreed=mark) as done:
        yield done
