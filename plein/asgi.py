# SPDX-License-Identifier: AGPL-3.0-or-later
import errno
import importlib
import os
import tempfile
from typing import Any

from asgiref.sync import sync_to_async
from django import setup
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from plein.core import streams

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
#: Larger things come in pieces, as an import. The body waits on disk, so it has to end somewhere.
LARGEST_BODY = 256 * 1024 * 1024
TOO_BIG = "That is too big to send in one go. Bring it in as an import, where large files go in pieces."
NO_ROOM = "There is no room left to write. Nothing was lost. Whoever runs this Plein has to make room."
#: Where assistants knock, with a protocol of their own (see plein/assistant).
ASSISTANT = "/mcp"
#: Where other programs call with news, by the hundred in a second (see plein/hooks/gate.py).
CALLS = "/hooks/in/"
#: What every answer carries that the layers of Django do not see.
GUARDING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
}
if settings.SECURE_HSTS_SECONDS:
    GUARDING["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"


class BodyTooBig(Exception):
    """A request that goes on and on."""


def guarding(send: Any) -> Any:
    """The same, with the headers of every answer where it lacks them."""

    async def guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _value in message["headers"]}
            more = ((name.lower().encode(), value.encode()) for name, value in GUARDING.items())
            message["headers"] = [*message["headers"], *(one for one in more if one[0] not in present)]
        await send(message)

    return guarded


class Handler(ASGIHandler):
    """One hop into a thread per request.

    Django's own handler makes a hop for every middleware of a synchronous chain; here the chain is loaded
    synchronously and entered once. Asynchronous bodies of streams still run in the event loop.
    """

    _door: Any = None
    _gate: Any = None

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            if scope["type"] == "http" and scope["path"].rstrip("/") == ASSISTANT:
                await self._assistant()(scope, receive, guarding(send))
                return
            if scope["type"] == "http" and scope["path"].startswith(CALLS):
                await self._calls()(scope, receive, guarding(send))
                return
            if scope["type"] == "http" and scope["path"] in streams.PATHS:
                # Not in a thread of its own, which it would keep for as long as the page is open.
                await self.handle(scope, receive, send)
                return
            await super().__call__(scope, receive, send)
        except BodyTooBig:
            await self._say(TOO_BIG, 413, send)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            await self._say(NO_ROOM, 507, send)

    async def read_body(self, receive: Any) -> Any:
        """Gather the body of a request, up to a limit; what was gathered of one that fails is let go."""
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115 - it outlives us
        try:
            while (message := await receive())["type"] != "http.disconnect":
                body.write(message.get("body", b""))
                if body.tell() > LARGEST_BODY:
                    raise BodyTooBig
                if not message.get("more_body", False):
                    body.seek(0)
                    return body
        except BaseException:
            body.close()
            raise
        body.close()
        raise RequestAborted

    def _assistant(self) -> Any:
        """The door of assistants; loaded with the first of them, because most companies have none."""
        if self._door is None:
            self._door = importlib.import_module("plein.assistant.door").Door()
        return self._door

    def _calls(self) -> Any:
        """The gate for calls of programs; it needs Django, which is set up by the time the first one comes."""
        if self._gate is None:
            self._gate = importlib.import_module("plein.hooks.gate").Gate()
        return self._gate

    async def _say(self, words: str, status: int, send: Any) -> None:
        """Answer before there is a request that a page could be made for."""
        response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
        await self.send_response(response, guarding(send))

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in streams.PATHS:
            return await streams.at_the_desk(self.get_response, request)
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


setup(set_prefix=False)
# Every page's code is loaded before the first visitor comes, who would wait for it, or meet its mistakes.
get_resolver().url_patterns  # noqa: B018
application = Handler()
