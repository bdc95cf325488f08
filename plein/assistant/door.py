# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way in over HTTP, at /mcp: a token in the header and nothing else, so that no page can borrow a session."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from plein.assistant.holder import good_token, secret_in
from plein.assistant.server import make_server
from plein.trust.models import ApiToken

LARGEST_BODY = 256 * 1024
MOST_SESSIONS = 200
REFUSAL = "Send a token of Plein with each request: Authorization: Bearer plein_…"


def _security() -> TransportSecuritySettings:
    host = urlsplit(settings.PLEIN_URL).netloc
    local = [f"{name}:*" for name in ("localhost", "127.0.0.1", "[::1]")]
    return TransportSecuritySettings(allowed_hosts=[host, *local], allowed_origins=[settings.PLEIN_URL])


class Door:
    """An ASGI application for one path. Its sessions live in this process, in a task that ends with it."""

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        token = await sync_to_async(_token_of, thread_sensitive=False)(scope)
        if token is None:
            await _refuse(send)
            return
        known = AccessToken(token=str(token.id), client_id=str(token.id), scopes=[token.scope])
        manager = await self._ready()
        await manager.asgi_app({**scope, "user": AuthenticatedUser(known)}, receive, send)

    async def _ready(self) -> StreamableHTTPSessionManager:
        async with self._lock:
            if self._manager is None or self._keeping is None or self._keeping.done():
                server = make_server()
                server.streamable_http_app(
                    max_request_body_size=LARGEST_BODY, max_sessions=MOST_SESSIONS, transport_security=_security()
                )
                begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._manager = server.session_manager
                self._keeping = asyncio.create_task(_keep(self._manager, begun))
                await begun
            return self._manager


async def _keep(manager: StreamableHTTPSessionManager, begun: asyncio.Future[None]) -> None:
    async with manager.run():
        begun.set_result(None)
        await asyncio.Event().wait()


def _token_of(scope: Any) -> ApiToken | None:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    close_old_connections()
    try:
        return good_token(secret_in(headers))
    finally:
        connection.close()


async def _refuse(send: Any) -> None:
    body = json.dumps({"error": "unauthorized", "message": REFUSAL}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"www-authenticate", b"Bearer"),
        (b"cache-control", b"no-store"),
    ]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})
