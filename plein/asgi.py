# SPDX-License-Identifier: AGPL-3.0-or-later
import os

from asgiref.sync import sync_to_async
from django import setup
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")


class Handler(ASGIHandler):
    """One hop into a thread per request.

    Django's own handler makes a hop for every middleware of a synchronous chain; here the chain is loaded
    synchronously and entered once. Asynchronous bodies of streams still run in the event loop.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


setup(set_prefix=False)
# Every page's code is loaded before the first visitor comes, who would wait for it, or meet its mistakes.
get_resolver().url_patterns  # noqa: B018
application = Handler()
