# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from plein.api.problems import PROBLEMS
from plein.api.tests.conftest import Caller
from plein.testing.home import ROOT

SNAPSHOT = Path(__file__).with_name("openapi.json")
LISTED = ROOT / "docs" / "use" / "api-operations.md"
HEAD = """# Every operation of the REST API

All of these stand under `/api/v1`; [the REST API](api.md) says what they have in common. What each takes and gives is
in `/api/v1/openapi.json`, and readable at `/api/v1/docs`. A token has one of the scopes named, and its user a role
that allows it.

"""
RENEWED_BY = "PLEIN_RENEW=1 .venv/bin/pytest plein/api/tests/test_openapi_snapshot.py"


def described() -> dict[str, Any]:
    """The description as it is served."""
    answer: dict[str, Any] = Caller("").read("/openapi.json")
    return answer


def test_the_description_is_the_one_that_was_agreed_on() -> None:
    present = json.dumps(described(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("PLEIN_RENEW"):
        SNAPSHOT.write_text(present)

    assert present == SNAPSHOT.read_text(), (
        f"The REST door changed. If that is meant, renew what is agreed: {RENEWED_BY}"
    )


def test_it_is_openapi_3_1_and_every_operation_asks_for_a_token() -> None:
    schema = described()

    assert schema["openapi"] == "3.1.0"
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert path.startswith("/api/v1/")
            assert operation["security"] == [{"Bearer": []}]
            assert {"401", "403", "404", "422", "429"} <= operation["responses"].keys()


def test_every_reference_leads_somewhere() -> None:
    schema = described()
    text = json.dumps(schema)

    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.partition('"')[0] in schema["components"]["schemas"]


def listed() -> str:
    """The page of all operations, made of the description."""
    parts: dict[str, list[str]] = {}
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            address = f"`{method.upper()} {path.removeprefix('/api/v1')}`"
            scopes = ", ".join(operation["x-plein-scopes"])
            parts.setdefault(operation["tags"][0], []).append(f"| {address} | {operation['summary']} | {scopes} |")
    tables = [
        f"## {tag.capitalize()}\n\n| operation | what it does | scopes |\n|---|---|---|\n"
        + "\n".join(sorted(lines, key=_place))
        + "\n"
        for tag, lines in parts.items()
    ]
    return HEAD + "\n".join(tables)


def _place(line: str) -> tuple[str, str]:
    method, _space, path = line.removeprefix("| `").partition("`")[0].partition(" ")
    return path, method


def test_the_list_of_operations_names_each_of_them() -> None:
    if os.environ.get("PLEIN_RENEW"):
        LISTED.write_text(listed())

    assert LISTED.read_text() == listed(), f"Renew it: {RENEWED_BY}"


def test_the_manual_names_every_problem() -> None:
    manual = (ROOT / "docs" / "use" / "api.md").read_text()

    for problem in PROBLEMS.values():
        assert str(problem.status) in manual and f"`{problem.code}`" in manual


def test_no_two_shapes_share_a_name() -> None:
    """Else the description of one would stand for the other."""
    found: dict[str, set[str]] = {}
    waiting = [BaseModel]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if ".api" in model.__module__ and ".tests" not in model.__module__:
                found.setdefault(model.__name__, set()).add(model.__module__)

    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}
