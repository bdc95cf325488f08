# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors that are not asked by a request: the tools of an assistant, the first words of a stream, the gathered mail.

All three are carried out as they are behind their door, as the holder of a token.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from json import dumps, loads
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from mcp.server.elicitation import AcceptedElicitation
from mcp.server.mcpserver.exceptions import ToolError

from plein.assistant.asking import Answer as Said
from plein.assistant.holder import Holder, good_token
from plein.assistant.reading import find, read_briefing, read_timeline
from plein.assistant.writing import add_moment, add_todo, undo
from plein.core.ids import now
from plein.notifications.digest import gather, letter
from plein.notifications.stream.body import Told, look
from plein.notifications.stream.passes import Pass
from plein.testing.addresses import World
from plein.tests.twins.crawl import NOTHING, TYPED, Asked
from plein.trust.models import ApiToken
from plein.trust.seats import NoSeat, entered

READING: dict[str, Callable[..., Any]] = {"find": find, "timeline": read_timeline, "briefing": read_briefing}
WRITING: dict[str, Callable[..., Any]] = {"add_moment": add_moment, "add_todo": add_todo, "undo": undo}
AGREED: AcceptedElicitation[Said] = AcceptedElicitation(data=Said(confirm=True))
#: A page that comes back hears what it missed, so far back.
MISSED = timedelta(minutes=55)


def other_doors(visible: World, hidden: World) -> Iterator[Asked]:
    """Everything asked through them, with ids of what is seen, of what is hidden and of nothing."""
    for word in TYPED:
        yield _tool("find", query=word, limit=50)
    for id in (visible.ids["relation_id"], hidden.ids["relation_id"], hidden.ids["former"], NOTHING):
        yield _tool("timeline", relation=str(id), limit=50)
        yield _tool("briefing", relation=str(id))
        yield _tool("add_moment", relation=str(id), kind="note", text="Koffie.")
        yield _tool("add_todo", title="Nabellen", relation=str(id))
    for id in (visible.ids["operation_id"], hidden.ids["operation_id"], NOTHING):
        yield _tool("undo", operation=str(id))
    yield Asked("READ", "stream", "stream", door="stream")
    yield Asked("READ", "digest", "digest", door="digest")


def _tool(name: str, **arguments: Any) -> Asked:
    return Asked("CALL", name, name, body=dumps(arguments), door="assistant")


def told(secret: str, one: Asked) -> tuple[int, str]:
    """What one of these doors says to the holder of a token, and whether it let them in."""
    token = good_token(secret)
    if token is None:
        return 401, ""
    try:
        return 200, {"assistant": _assistant, "stream": _stream, "digest": _digest}[one.door](secret, token, one)
    except ToolError as refusal:
        return 400, str(refusal)
    except NoSeat:
        return 403, ""


def _assistant(secret: str, _token: ApiToken, one: Asked) -> str:
    asking = SimpleNamespace(request=None, lifespan_context=Holder(secret))
    context = SimpleNamespace(request_context=asking, client_capabilities=None)
    arguments = {name: _read(name, value) for name, value in loads(one.body).items()}
    if one.path in WRITING:
        return repr(WRITING[one.path](context, answer=AGREED, **arguments))
    return repr(READING[one.path](context, **arguments))


def _read(name: str, value: Any) -> Any:
    return UUID(value) if name in ("relation", "operation") else value


def _stream(_secret: str, token: ApiToken, _one: Asked) -> str:
    with entered(token.user, token.into_workspace) as seat:
        holder = Pass(token.user.id, seat.workspace_id, seat.seat_id, token_id=token.id)
    return str(look(holder, Told(now() - MISSED)))


def _digest(_secret: str, token: ApiToken, _one: Asked) -> str:
    with entered(token.user, token.into_workspace) as seat:
        mail = letter(seat, gather(seat))
    return f"{mail.subject}\n{mail.text}\n{mail.html}"
