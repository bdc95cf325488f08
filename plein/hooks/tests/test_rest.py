# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks as programs look after them."""

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.hooks.models import Delivery, Hook, OutHook
from plein.hooks.tests.caller import POINTED, RING, Caller
from plein.testing.cast import Cast
from plein.trust.seats import entered

__all__ = ["calling"]


@pytest.fixture
def path() -> str:
    return "/webhooks/in"


def test_a_source_is_made_called_and_looked_after(cast: Cast, calling: Calling, path: str) -> None:
    admin = calling(cast.alice, "admin")
    assert calling(cast.alice, "admin", is_proven=False).send("POST", path, json={"name": "x"}).status_code == 403
    wish = {"name": "Exchange", "policy": "everyone", "mapping": POINTED | {"phone": "/event/to"}}
    made = admin.write("POST", path, wish)
    one = f"{path}/{made['id']}"
    told = admin.get(one).content.decode() + admin.get(path).content.decode()
    assert made["secret"].startswith("whsec_") and made["secret"] not in told
    secret_path = made["address"].rsplit("/", 1)[1]
    assert secret_path not in told

    with entered(cast.alice):
        caller = Caller(cast.alice, Hook.objects.get(id=made["id"]), secret_path, made["secret"])
    assert caller.call({"event": {"id": "c0", "to": "none", "caller": "+31201234567"}}, id="m0").status_code == 202
    assert caller.call(RING, id="m1").status_code == 202
    caller.handled()
    [refused] = admin.read(f"{one}/deliveries", state="refused")["items"]
    assert (refused["key"], refused["reason"], refused["moment"]) == ("m0", "phone", None)
    first = admin.read(f"{one}/deliveries", limit=1)
    assert [item["key"] for item in admin.read(f"{one}/deliveries", cursor=first["next"])["items"]] == ["m0"]

    assert admin.write("PATCH", one, {"mapping": POINTED})["mapping"] == POINTED
    assert admin.write("POST", f"{one}/again", {"id": refused["id"]}) == {"count": 1}
    caller.handled()
    assert {item["state"] for item in admin.read(f"{one}/deliveries")["items"]} == {"done"}
    assert admin.write("POST", f"{one}/pause")["is_open"] is False
    assert caller.call(RING, id="m2").status_code == 503
    assert admin.write("POST", f"{one}/resume")["is_open"] is True
    fresh = admin.write("POST", f"{one}/renew", {})
    assert caller.call(RING, id="m3").status_code == 404
    assert fresh["address"] != made["address"] and fresh["secret"] != made["secret"]
    assert admin.send("PATCH", one, json={"mapping": {"text": "/a"}}).json()["fields"]["mapping"]
    admin.write("DELETE", one)
    assert admin.get(one).status_code == 404


def test_a_target_is_made_changed_and_told_again(cast: Cast, calling: Calling) -> None:
    admin, path = calling(cast.alice, "admin"), "/webhooks/out"
    wish = {"name": "Books", "url": "http://127.0.0.1:9/", "is_inside": True, "happenings": ["moment.created"]}
    assert admin.send("POST", path, json=wish | {"is_inside": False}).json()["fields"]["url"]
    made = admin.write("POST", path, wish)
    one = f"{path}/{made['id']}"
    assert made["secret"] and "secret" not in admin.read(one) and made["secret"] not in admin.get(path).content.decode()
    changed = admin.write("PATCH", one, {"happenings": ["todo.done", "relation.created"]})
    assert (changed["name"], changed["happenings"]) == ("Books", ["relation.created", "todo.done"])
    assert admin.write("POST", f"{one}/test")["arrived"] is False
    assert admin.write("POST", f"{one}/renew")["secret"] != made["secret"]
    assert admin.write("POST", f"{one}/pause")["state"] == "rests"
    assert admin.write("POST", f"{one}/resume")["state"] == "open"
    assert admin.read(f"{one}/deliveries") == {"items": [], "next": None}
    assert admin.write("POST", f"{one}/again", {}) == {"count": 0}
    admin.write("DELETE", one)
    with entered(cast.alice):
        assert not OutHook.objects.exists() and not Delivery.objects.exists()
