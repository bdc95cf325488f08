# SPDX-License-Identifier: AGPL-3.0-or-later
"""An assistant speaks to a running Plein through the protocol's own client."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
from django.db import connection
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitRequestParams, ElicitResult

from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry, Operation
from plein.moments.models import Moment, MomentText, ToDo
from plein.operate.places import OWNER
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_moment, make_person
from plein.testing.home import ROOT
from plein.trust.actions import make_token, revoke_token
from plein.trust.circles import only_me
from plein.trust.models import ApiToken, User
from plein.trust.seats import entered

pytestmark = pytest.mark.slow
type Conversation = Callable[[Client], Awaitable[Any]]


@dataclass
class World:
    """One relation everybody sees, and one that only Alice sees."""

    open: UUID
    hidden: UUID


@pytest.fixture
def world(cast: Cast, server: str) -> World:
    del server
    with entered(cast.alice):
        henk = make_person("Henk van Dijk", place="Zwolle")
        make_moment(henk, title="Offerte hekwerk", text="Hij wil een hek om het veld.")
        hidden = make_person("Geheime Relatie", circle_id=only_me())
    return World(henk.id, hidden.id)


def in_a_thread(conversation: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What comes of a conversation in a loop of its own: the browser's may be running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(conversation())).result()


def talk(server: str, token: str, conversation: Conversation, **client: Any) -> Any:
    """What comes of a conversation over HTTP."""

    async def run() -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{server}/mcp", http_client=http)
            async with Client(transport, **client) as speaking:
                return await conversation(speaking)

    return in_a_thread(run)


def token_of(cast: Cast, user: User, scope: str = "write") -> str:
    return make_token(user=user, workspace=cast.elsewhere if user == cast.charlie else cast.here, scope=scope)


async def says(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool answers: its data, or the words of its refusal."""
    answer = await client.call_tool(tool, arguments)
    if answer.is_error:
        return "".join(part.text for part in answer.content if part.type == "text")
    data: Any = answer.structured_content or {}
    return data.get("result", data)


def answering(action: str, **content: Any) -> Any:
    """A person who is asked, and what they were asked."""
    asked: list[str] = []

    async def answer(_context: Any, question: ElicitRequestParams) -> ElicitResult:
        asked.append(question.message)
        return ElicitResult.model_validate({"action": action, "content": content or None})

    return answer, asked


def test_it_finds_reads_and_briefs_as_the_holder_of_the_token(cast: Cast, server: str, world: World) -> None:
    async def ask(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        return (
            {tool.name: bool(tool.annotations and tool.annotations.read_only_hint) for tool in tools},
            await says(client, "find", query="van dyk"),
            await says(client, "timeline", relation=str(world.open)),
            await says(client, "briefing", relation=str(world.open)),
        )

    tools, found, timeline, briefing = talk(server, token_of(cast, cast.bob, "read"), ask)

    assert tools == {"find": True, "timeline": True, "briefing": True, "add_moment": False, "add_todo": False,
                     "undo": False}  # fmt: skip
    assert [(one["kind"], one["title"]) for one in found] == [("person", "Henk van Dijk")]
    assert [one["subject"] for one in timeline["contacts"]] == ["Offerte hekwerk"]
    assert briefing["name"] == "Henk van Dijk"
    assert briefing["recent"][0]["text"] == "Hij wil een hek om het veld."


def test_what_the_holder_may_not_see_is_not_there(cast: Cast, server: str, world: World) -> None:
    unknown = str(UUID(int=1))

    async def ask(client: Client) -> Any:
        return (
            await says(client, "find", query="Geheime"),
            await says(client, "briefing", relation=str(world.hidden)),
            await says(client, "briefing", relation=unknown),
            await says(client, "timeline", relation=str(world.hidden)),
        )

    for user in (cast.bob, cast.charlie):
        found, hidden, absent, timeline = talk(server, token_of(cast, user), ask)
        assert found == []
        assert hidden == absent
        assert timeline == absent.replace("briefing", "timeline")
    found, mine, _absent, _timeline = talk(server, token_of(cast, cast.alice), ask)
    assert [one["title"] for one in found] == ["Geheime Relatie"]
    assert mine["name"] == "Geheime Relatie"
    with entered(cast.alice):
        looks = AuditEntry.objects.filter(event="read", records__contains=[world.hidden], door="assistant")
        assert [json.loads(look.facts)["how"] for look in looks.order_by("seq")] == ["search", "page"]


def test_a_write_asks_the_person_and_can_be_turned_back(cast: Cast, server: str, world: World) -> None:
    yes, asked = answering("accept", confirm=True)

    async def write(client: Client) -> Any:
        done = await says(client, "add_moment", relation=str(world.open), kind="call", text="Gebeld over het hek.")
        todo = await says(client, "add_todo", title="Offerte sturen", relation=str(world.open), due_on="2026-12-01")
        return done, todo, await says(client, "undo", operation=done["operation"])

    done, todo, undone = talk(server, token_of(cast, cast.bob), write, elicitation_callback=yes)

    assert [done["done"], todo["done"], undone["done"]] == [True, True, True]
    assert "Gebeld over het hek." in asked[0]
    assert "Henk van Dijk" in asked[0]
    with entered(cast.bob):
        assert not Moment.objects.filter(id=done["id"]).exists()
        assert ToDo.objects.get(id=todo["id"]).title == "Offerte sturen"
        operation = Operation.objects.get(id=todo["operation"])
        assert (operation.verb, operation.door) == ("create_todo", "assistant")


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_person_who_says_no_is_obeyed(cast: Cast, server: str, world: World, action: str) -> None:
    no, _asked = answering(action)

    async def write(client: Client) -> Any:
        return await says(client, "add_todo", title="Iets anders")

    answer = talk(server, token_of(cast, cast.bob), write, elicitation_callback=no)

    assert answer["done"] is False
    with entered(cast.bob):
        assert not ToDo.objects.exists()


def test_a_client_that_cannot_ask_gets_a_code_for_exactly_this_call_once(cast: Cast, server: str, world: World) -> None:
    async def write(client: Client) -> Any:
        call = {"relation": str(world.open), "kind": "note", "text": "Houdt van voetbal."}
        first = await says(client, "add_moment", **call)
        other = await says(client, "add_moment", **call | {"text": "Iets heel anders."}, code=first["code"])
        done = await says(client, "add_moment", **call, code=first["code"])
        return first, other, done, await says(client, "add_moment", **call, code=first["code"])

    first, other, done, again = talk(server, token_of(cast, cast.bob), write)

    assert [first["done"], other["done"], done["done"]] == [False, False, True]
    assert "written already" in again
    with entered(cast.bob):
        assert MomentText.objects.filter(text="Houdt van voetbal.").count() == 1
        assert not MomentText.objects.filter(text="Iets heel anders.").exists()


def test_a_token_without_the_scope_and_a_guest_write_nothing(cast: Cast, server: str, world: World) -> None:
    yes, _asked = answering("accept", confirm=True)

    async def write(client: Client) -> Any:
        return await says(client, "add_todo", title="Mag niet")

    for user, scope in ((cast.bob, "read"), (cast.gina, "write")):
        assert "may not write" in talk(server, token_of(cast, user, scope), write, elicitation_callback=yes)
    with entered(cast.alice):
        assert not ToDo.objects.exists()


def test_a_revoked_token_ends_in_the_middle_of_a_conversation(cast: Cast, server: str, world: World) -> None:
    secret = token_of(cast, cast.bob)

    def revoke() -> None:
        with no_workspace("test"):
            token = ApiToken.objects.get(user=cast.bob)
        with entered(cast.bob) as actor:
            revoke_token(actor=actor, token_id=token.id)
        connection.close()

    async def ask(client: Client) -> Any:
        before = await says(client, "find", query="Henk")
        await asyncio.to_thread(revoke)
        try:
            return before, await says(client, "find", query="Henk")
        except MCPError:
            return before, "refused"

    before, after = talk(server, secret, ask)

    assert [one["title"] for one in before] == ["Henk van Dijk"]
    assert after == "refused"


@pytest.mark.parametrize("token", ["", "plein_nonsense", "x" * 5000])
def test_nobody_comes_in_without_a_token_that_works(server: str, token: str) -> None:
    with httpx2.Client() as http:
        answer = http.post(f"{server}/mcp", headers={"Authorization": f"Bearer {token}"} if token else {}, json={})

    assert answer.status_code == 401
    assert "Bearer plein_" in answer.json()["message"]


def test_nonsense_is_refused_without_a_crash(cast: Cast, server: str, world: World) -> None:
    headers = {"Authorization": f"Bearer {token_of(cast, cast.bob)}", "Accept": "application/json, text/event-stream",
               "Content-Type": "application/json"}  # fmt: skip
    bodies = [b"{", b"[]", b"x" * 300_000, b"[" * 100_000, b'{"jsonrpc":"2.0","id":1,"method":"nope"}']
    with httpx2.Client() as http:
        statuses = [http.post(f"{server}/mcp", headers=headers, content=body).status_code for body in bodies]
        stranger = http.post(f"{server}/mcp", headers=headers | {"Origin": "https://evil.example"}, content=bodies[-1])

    assert all(400 <= status < 500 for status in statuses)
    assert stranger.status_code == 403


def test_an_assistant_on_this_machine_speaks_over_standard_input(
    cast: Cast, server: str, world: World, test_database: TestDatabase
) -> None:
    environment = os.environ | {
        "DATABASE_URL": test_database.url(),
        "DATABASE_OWNER_URL": test_database.url(OWNER),
        "PLEIN_TOKEN": token_of(cast, cast.bob),
        "PLEIN_POOL": "0",
    }
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "plein.cli.main", "assistant"], env=environment, cwd=ROOT
    )

    async def run() -> Any:
        async with Client(started) as client:
            return await says(client, "find", query="Henk")

    assert [one["title"] for one in in_a_thread(run)] == ["Henk van Dijk"]
    with entered(cast.alice):
        assert Relation.objects.filter(id=world.open).exists()
