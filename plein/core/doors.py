# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doors for people who have no session: they stand before that of colleagues, and never come as far as that."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_resolver
from django.utils import translation

type Next = Callable[[HttpRequest], HttpResponseBase]

READS = ("GET", "HEAD")
FIRST_ERROR = 400


class Door(ABC):
    """A middleware that answers requests for one place, and lets all others pass.

    A request is one transaction, and an error undoes what was written, unless its answer says that it keeps what was
    counted.
    """

    #: The addresses behind it.
    urls: str
    #: What says that there is nothing there, besides what Django says.
    missing: type[Exception] = Http404

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    @abstractmethod
    def leads_here(self, request: HttpRequest) -> bool:
        """Whether a request is for this place."""

    @abstractmethod
    def under(self) -> str:
        """The path below which the addresses lie."""

    @abstractmethod
    def trouble(self, request: HttpRequest) -> int:
        """Why something that was sent is not looked at, as the status of an answer; 0 when it is."""

    @abstractmethod
    def refusal(self, request: HttpRequest, status: int) -> HttpResponseBase:
        """A page that says what to do instead."""

    def language(self, request: HttpRequest) -> str:
        """In which language to answer."""
        return translation.get_language_from_request(request)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.leads_here(request):
            return self.get_response(request)
        language = self.language(request)
        with translation.override(language):
            response = self._answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READS and (trouble := self.trouble(request)):
            return self.refusal(request, trouble)
        try:
            match = get_resolver(self.urls).resolve("/" + request.path_info.removeprefix(self.under()))
            with transaction.atomic():
                response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
                if response.status_code >= FIRST_ERROR and not getattr(response, "keeps_what_was_counted", False):
                    transaction.set_rollback(True)
        except (Resolver404, Http404, self.missing):
            return self.refusal(request, 404)
        except (SuspiciousOperation, BadRequest):
            return self.refusal(request, 400)
        return response
