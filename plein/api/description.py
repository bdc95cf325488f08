# SPDX-License-Identifier: AGPL-3.0-or-later
"""What OpenAPI says of every operation alike: its problems, the scope it takes, and how to be sure it is done once."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from plein.api.auth import OPERATION, REQUESTS_A_MINUTE, scopes_for
from plein.api.errors import PROBLEM_JSON
from plein.api.once import HEADER, LONGEST_KEY, REPLAYED
from plein.api.problems import USUAL
from plein.api.rendering import FIELDS, JSON
from plein.trust.permissions import Verb

DESCRIPTION = f"""
Everything people see and do in Plein, for programs. Send a token with each request: `Authorization: Bearer plein_…`;
make one with `plein token EMAIL --scope read`. What its user may not see is not there: it answers 404, like anything
that never was. Lists are `{{"items": […], "next": …}}`; send `next` as `cursor` for the page that follows, until it is
null. Ids are UUIDs, times are ISO 8601 with their zone. Whatever was written can be turned back by the operation that
the header `{OPERATION}` of the answer names. A token may make {REQUESTS_A_MINUTE} requests a minute.
""".strip().replace("\n", " ")
#: What any operation may answer besides what it is for.
TROUBLES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507)


class Both(BaseModel):
    """What a field is now, and what was sent."""

    theirs: Any
    yours: Any


class Problem(BaseModel):
    """What went wrong (RFC 9457): a code that stays the same, a sentence, and what is wrong with which field."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    fields: dict[str, str]
    conflicts: dict[str, Both] | None = None
    version: int | None = None


def completed(schema: Any, verbs: dict[str, tuple[Verb, ...]]) -> Any:
    """The description with all that ninja does not know."""
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    answers = {str(status): _described(status) for status in TROUBLES}
    for path in schema["paths"].values():
        for method, operation in path.items():
            _complete(method, operation, verbs[operation["operationId"]])
            operation["responses"] = {str(key): value for key, value in operation["responses"].items()} | answers
    return schema


def _complete(method: str, operation: dict[str, Any], verbs: tuple[Verb, ...]) -> None:
    scopes = scopes_for(verbs)
    operation["x-plein-verbs"] = list(verbs)
    operation["x-plein-scopes"] = scopes
    if method == "get":
        if any(JSON in answer.get("content", {}) for answer in operation["responses"].values()):
            operation["parameters"].append(_FIELDS)
        return
    operation["parameters"].append(_KEY)
    for answer in operation["responses"].values():
        answer["headers"] = _HEADERS


_FIELDS = {
    "in": "query",
    "name": FIELDS,
    "required": False,
    "description": "Only these fields, with commas between them; a dot leads into one: `id,name,organization.name`.",
    "schema": {"type": "string", "maxLength": 2000},
}
_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "The same request with the same key is done once; its answer is repeated for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
_HEADERS = {
    OPERATION: {
        "description": "The operation by which this can be turned back.",
        "schema": {"type": "string", "format": "uuid"},
    },
    REPLAYED: {
        "description": "Present when this answer repeats that of an earlier request with the same key.",
        "schema": {"type": "string"},
    },
}


def _described(status: int) -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": str(USUAL[status].title), "content": content}
