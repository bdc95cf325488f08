# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door itself: which routers stand behind it, and what all of their operations have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from plein.api import finding, operations
from plein.api.auth import REQUESTS_A_MINUTE, Bearer, as_holder
from plein.api.errors import EXPLANATIONS, answer, answer_to
from plein.moments import api as moments
from plein.relations import api as relations

DESCRIPTION = f"""
Everything people see in Plein, for programs. Send a token with each request: `Authorization: Bearer plein_…`; make one
with `plein token EMAIL --scope read`. What its user may not see is not there: it answers 404, like anything that never
was. Lists are `{{"items": […], "next": …}}`; send `next` as `cursor` for the page that follows, until it is null. Ids
are UUIDs, times are ISO 8601 in UTC. A token may make {REQUESTS_A_MINUTE} requests a minute.
""".strip().replace("\n", " ")
#: What any operation may answer besides what it is for.
TROUBLES = (400, 401, 403, 404, 405, 409, 422, 429, 500, 503, 507)
NOT_ALLOWED = 405


class Error(Schema):
    """What went wrong: a code that stays the same, a sentence, and what is wrong with which parameter."""

    code: str
    message: str
    fields: dict[str, str]


class LenientParser(Parser):
    """An empty parameter is one that was not given."""

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters that say something."""
        found = super().parse_querydict(data, list_fields, request)
        return {name: value for name, value in found.items() if value != ""}


class LegibleRenderer(JSONRenderer):
    """Names stay legible: no escapes where UTF-8 will do."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012


class PleinAPI(NinjaAPI):
    """Ninja's API, which names its operations by their function and documents its errors."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name that a generated client gives to its function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The description of the whole door, in OpenAPI 3.1."""
        with translation.override("en"):
            schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            error = Error.model_json_schema()
            schema["components"]["schemas"]["Error"] = {
                "type": "object",
                "properties": {"error": error},
                "required": ["error"],
                "title": "Error",
            }
            answers = {str(status): _described(status) for status in TROUBLES}
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"] = {str(key): value for key, value in operation["responses"].items()} | answers
        return schema


def _described(status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": str(EXPLANATIONS[status].message), "content": content}


def _the_door() -> PleinAPI:
    door = PleinAPI(
        title="Plein",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        urls_namespace="api",
        auth=Bearer(),
        parser=LenientParser(),
        renderer=LegibleRenderer(),
    )
    for trouble in (Exception, Http404, HttpError, ValidationError):
        door.add_exception_handler(trouble, answer_to)
    door.add_decorator(as_holder)
    for router in (finding.router, relations.router, moments.router, operations.router):
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
                response = view(request, *arguments, **values)
            except Exception as error:
                response = answer_to(request, error)
            if response.status_code == NOT_ALLOWED:
                allowed = response.headers["Allow"]
                response = answer(NOT_ALLOWED)
                response.headers["Allow"] = allowed
        response.headers["Content-Language"] = language
        return response

    return answered


def nothing(request: HttpRequest, rest: str) -> HttpResponseBase:
    """What is not there, in the words of what may not be seen."""
    raise Http404
