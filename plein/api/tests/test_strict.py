# SPDX-License-Identifier: AGPL-3.0-or-later
"""A field that is not in the schema is refused by name, and so are bodies that no honest program sends."""

import json
import tracemalloc
from typing import Any

from django.apps import apps

from plein.api.body import LARGEST_BODY
from plein.api.tests.bodies import bodies
from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.test_permissions import operations
from plein.api.tests.world import fill
from plein.core.models import Operation
from plein.testing.cast import Cast
from plein.trust.seats import entered


def every_column() -> set[str]:
    models = [model for model in apps.get_models() if model.__module__.startswith("plein.")]
    columns = {str(field.attname) for model in models for field in model._meta.concrete_fields}
    return columns | {"tenant_id", "is_staff", "is_superuser", "readers", "confidential", "owner", "_state", "pk"}


def schema_of(operation: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return whole["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]] if "$ref" in found else found


def test_no_field_gets_in_that_is_not_named(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    whole = Caller("").read("/openapi.json")
    sent, columns = bodies(world), every_column()
    with entered(cast.alice):
        before = Operation.objects.count()

    wrong = []
    for method, path, name in operations():
        if name not in sent:
            continue
        known = schema_of(whole["paths"][path][method.lower()], whole)["properties"].keys()
        strange = columns - known
        assert len(strange) > 100
        caller = calling(cast.alice, "all")
        answer = caller.send(method, world.address(path), json=sent[name] | dict.fromkeys(strange, 1))
        if answer.status_code != 422 or not strange <= answer.json()["fields"].keys():
            wrong.append((name, answer.status_code, answer.content[:300]))

    assert wrong == []
    with entered(cast.alice):
        assert Operation.objects.count() == before


def test_a_body_of_five_megabytes_is_refused_before_it_is_read(cast: Cast, calling: Calling) -> None:
    body = json.dumps({"name": "x" * (5 * 1024 * 1024)}).encode()

    answer = calling(cast.bob, "all").send("POST", "/relations", body=body)

    assert answer.status_code == 413 and answer.json()["code"] == "too_big" and len(body) > LARGEST_BODY


def test_json_that_nests_a_hundred_thousand_deep_costs_nothing(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob, "all")
    caller.read("/me")
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        body = (opening * 100_000 + "1" + closing * 100_000).encode()
        tracemalloc.start()
        answer = caller.send("POST", "/relations", body=body)
        _present, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert answer.status_code == 400 and "200 levels" in answer.json()["detail"]
        assert peak < 8 * len(body) + 2_000_000


def test_what_is_no_json_is_explained(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob, "all")
    for body in (b"{", b"\xff\xfe", b'{"name": NaN}', b'{"name": "\\ud800"}', b"name=Henk", b"9" * 10_000, b""):
        answer = caller.send("POST", "/relations", body=body)
        assert answer.status_code in (400, 422), body
        assert answer.json()["code"] in ("bad_request", "not_understood")
    wholes: list[Any] = [[], "x", 1, None, True, {}]
    for whole in wholes:
        assert caller.send("POST", "/relations", json=whole).status_code in (400, 422)


def test_a_value_of_another_kind_than_its_field_is_explained(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.bob, "all")

    def fields(json: Any) -> dict[str, str]:
        answer = caller.send("POST", "/relations", json=json)
        assert answer.status_code == 422
        told: dict[str, str] = answer.json()["fields"]
        return told

    assert fields({"kind": "person", "name": 7}) == {"name": "This is to be text."}
    assert fields({"kind": "robot", "name": "A"}) == {"kind": "This is to be 'person' or 'organization'."}
    assert fields({"name": "A"}) == {"kind": "This is needed."}
    assert fields({"kind": "person", "name": "x" * 301}) == {"name": "This is to be 300 characters at most."}
    assert "name" in fields({"kind": "person", "name": "a\x00b"})
