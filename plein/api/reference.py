# SPDX-License-Identifier: AGPL-3.0-or-later
"""The description of the door as people read it: each operation with what it takes and gives, and a line to try."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from plein.api.rendering import JSON
from plein.api.router import api

type Schema = Mapping[str, Any]
BASE = "/api/v1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FILES = "multipart/form-data"
#: What an example says where the description gives no better one.
SAMPLES = {"uuid": "0197c0de-0000-7000-8000-000000000000", "date": "2026-03-01", "date-time": "2026-03-01T13:30:00Z"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field, in words."""

    name: str
    kind: str
    is_needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class Documented:
    """One operation of the door."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    scopes: list[str]
    parameters: list[Field]
    body: list[Field]
    gives: list[Field]
    status: str
    example: str


@cache
def reference() -> list[tuple[str, list[Documented]]]:
    """Every operation, by what it is about; the same for everybody, so it is made once."""
    schema: Schema = api.get_openapi_schema(path_prefix=f"{BASE}/")
    groups: dict[str, list[Documented]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            one = _documented(method.upper(), path, operation, schema)
            groups.setdefault(str(operation["tags"][0]).capitalize(), []).append(one)
    return [(tag, sorted(found, key=_place)) for tag, found in groups.items()]


def _place(one: Documented) -> tuple[str, int]:
    return one.path, METHODS.index(one.method)


def _documented(method: str, path: str, operation: Schema, schema: Schema) -> Documented:
    kinds = operation.get("requestBody", {}).get("content", {})
    media = next(iter(kinds), "")
    body = _resolved(kinds[media]["schema"], schema) if media else {}
    status = next(iter(operation["responses"]))
    given = operation["responses"][status].get("content", {}).get(JSON, {}).get("schema", {})
    shape = _resolved(given, schema)
    items = shape.get("properties", {}).get("items", {})
    return Documented(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        scopes=operation["x-plein-scopes"],
        parameters=[_parameter(one, schema) for one in operation["parameters"]],
        body=_fields(body, schema),
        gives=_fields(_resolved(items.get("items", {}), schema) or shape, schema, given=True),
        status=status,
        example=_example(method, path, operation, media, body, schema),
    )


def _resolved(part: Schema, schema: Schema) -> Schema:
    if "$ref" in part:
        found: Schema = schema["components"]["schemas"][str(part["$ref"]).rsplit("/", 1)[-1]]
        return found
    return part


def _parameter(one: Schema, schema: Schema) -> Field:
    about = one.get("description") or one["schema"].get("description", "")
    name = f"{one['name']} ({one['in']})" if one["in"] == "header" else str(one["name"])
    return Field(name, _kind(one["schema"], schema), bool(one.get("required")), about)


def _fields(shape: Schema, schema: Schema, *, given: bool = False) -> list[Field]:
    needed = () if given else shape.get("required", ())
    return [
        Field(name, _kind(part, schema), name in needed, part.get("description", ""))
        for name, part in shape.get("properties", {}).items()
    ]


def _kind(part: Schema, schema: Schema) -> str:
    """The type of a value, in a word or two."""
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in part:
        return " or ".join(_kind(one, schema) for one in part["anyOf"])
    if "enum" in part or "const" in part:
        return " | ".join(str(value) or "(empty)" for value in part.get("enum", [part.get("const")]))
    kind = str(part.get("format") or part.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(part.get('items', {}), schema)}"
    return f"{kind}, at most {part['maxLength']}" if "maxLength" in part and kind == "string" else kind


def _example(method: str, path: str, operation: Schema, media: str, body: Schema, schema: Schema) -> str:
    """A line of curl that does it."""
    address = settings.PLEIN_URL + path
    wanted = [one["name"] for one in operation["parameters"] if one["in"] == "query" and one.get("required")]
    if wanted:
        address += "?" + "&".join(f"{name}=…" for name in wanted)
    words = ["curl", '-H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        words.append(f"-X {method}")
    if media == JSON:
        words += [
            '-H "Content-Type: application/json"',
            f"-d '{json.dumps(_sample(body, schema), ensure_ascii=False)}'",
        ]
    elif media == FILES:
        words.append(f'-F "{next(iter(body.get("properties", {"file": None})))}=@file"')
    words.append(f'"{address}"')
    return " \\\n  ".join(words)


def _sample(part: Schema, schema: Schema) -> Any:
    part = _resolved(part, schema)
    if examples := part.get("examples"):
        return examples[0]
    for choice in ("anyOf", "oneOf"):
        if choice in part:
            return _sample(part[choice][0], schema)
    if "enum" in part:
        return next((value for value in part["enum"] if value), "")
    match part.get("type"):
        case "object":
            needed = part.get("required", ()) or list(part.get("properties", {}))[:1]
            return {name: _sample(part["properties"][name], schema) for name in needed}
        case "array":
            return [_sample(part.get("items", {}), schema)]
        case "integer" | "number":
            return max(1, int(part.get("minimum", 1)))
        case "boolean":
            return True
    return SAMPLES.get(str(part.get("format", "")), "…")
