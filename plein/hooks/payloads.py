# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a call says: read from JSON or a form, made clean for a database, and pointed into."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from plein.channels.connectors.posts import clean

#: Larger bodies are turned away before anybody reads them.
LARGEST_BODY = 256 * 1024
DEEPEST, MOST_VALUES, MOST_SHOWN, MOST_FIELDS = 20, 20_000, 200, 500
LONGEST_VALUE = 100_000
FORM = "application/x-www-form-urlencoded"

type Payload = dict[str, Any]


class NotAPayload(ValueError):
    """A body that is neither an object in JSON nor a form."""


def payload_of(body: bytes, content_type: str) -> Payload:
    """What a body says; raises NotAPayload."""
    if content_type.partition(";")[0].strip().lower() == FORM:
        return _form(body)
    try:
        read = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as trouble:
        raise NotAPayload from trouble
    if not isinstance(read, dict):
        raise NotAPayload
    return dict(_clean(read, [0], 0))


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _form(body: bytes) -> Payload:
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as trouble:
        raise NotAPayload from trouble
    if not pairs:
        raise NotAPayload
    return {clean(name, 200): clean(value, LONGEST_VALUE) for name, value in reversed(pairs)}


def _clean(value: Any, count: list[int], depth: int) -> Any:
    count[0] += 1
    if depth > DEEPEST or count[0] > MOST_VALUES:
        raise NotAPayload
    match value:
        case str():
            return clean(value, LONGEST_VALUE)
        case dict():
            return {clean(str(name), 200): _clean(one, count, depth + 1) for name, one in value.items()}
        case list():
            return [_clean(one, count, depth + 1) for one in value]
        case int() if abs(value) > 2**63:
            return str(value)[:100]
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value


def leaves(payload: Payload) -> Iterator[tuple[str, str]]:
    """The values one can point at, each with its JSON pointer, as they stand in the call."""
    for number, found in enumerate(_walk(payload, "")):
        if number >= MOST_SHOWN:
            return
        yield found


def _walk(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _walk(one, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _walk(one, f"{pointer}/{place}")
    else:
        yield pointer, _text(value)


def value_at(payload: Payload, pointer: str) -> str:
    """The value that a pointer leads to, as text; "" when it leads nowhere."""
    found: Any = payload
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and len(name) < 6 and int(name) < len(found):
            found = found[int(name)]
        else:
            return ""
    return "" if isinstance(found, dict | list) else _text(found)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
