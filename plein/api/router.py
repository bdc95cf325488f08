# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door itself: which routers stand behind it, and what all of their operations have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from plein.api import audit, day, finding, operations
from plein.api.auth import READING, Bearer, as_holder, knowing_its_verbs, verbs_of
from plein.api.body import CarefulParser, read_within_bounds
from plein.api.description import DESCRIPTION, completed
from plein.api.domains import DOMAINS
from plein.api.errors import answer, answer_to
from plein.trust.api import router as company
from plein.trust.permissions import Verb

NOT_ALLOWED = 405
ROUTERS = (
    finding.router,
    day.router,
    *DOMAINS,
    operations.router,
    audit.router,
    company,
)


class PleinAPI(NinjaAPI):
    """Ninja's API, which names its operations by their function and documents its errors."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name that a generated client gives to its function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The description of the whole door, in OpenAPI 3.1."""
        with translation.override("en"):
            schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            return completed(schema, self.verbs())

    def verbs(self) -> dict[str, tuple[Verb, ...]]:
        """Which verbs each operation performs, by its name."""
        return {
            operation.view_func.__name__: verbs_of(operation.view_func, operation.methods[0])
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        }


def _the_door() -> PleinAPI:
    door = PleinAPI(
        title="Plein",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        urls_namespace="api",
        auth=Bearer(),
        parser=CarefulParser(),
    )
    for trouble in (Exception, Http404, HttpError, ValidationError):
        door.add_exception_handler(trouble, answer_to)
    door.add_decorator(as_holder)
    door.add_decorator(knowing_its_verbs, mode="view")
    for router in ROUTERS:
        door.add_router("", router)
    return door


api = _the_door()


def in_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer in the language that was asked for, and in JSON whatever happens."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **values: Any) -> HttpResponseBase:
        # JSON is UTF-8, and so are parameters, whatever else a request says of itself.
        request.encoding = "utf-8"
        language = translation.get_language_from_request(request)
        with translation.override(language):
            try:
                if request.method not in READING:
                    read_within_bounds(request)
                response = view(request, *arguments, **values)
            except Exception as error:
                response = answer_to(request, error)
            if response.status_code == NOT_ALLOWED:
                allowed = response.headers["Allow"]
                response = answer(request, NOT_ALLOWED)
                response.headers["Allow"] = allowed
        response.headers["Content-Language"] = language
        return response

    return answered


def nothing(request: HttpRequest, rest: str) -> HttpResponseBase:
    """What is not there, in the words of what may not be seen."""
    raise Http404
