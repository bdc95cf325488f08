# SPDX-License-Identifier: AGPL-3.0-or-later
"""Owners decide which language model is asked, by the page and by REST; administrators look, others see nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import AuditEntry
from plein.opinions.actions import set_endpoint
from plein.opinions.keys import key_for
from plein.opinions.models import Endpoint
from plein.opinions.refusals import CannotAsk
from plein.opinions.tests.conftest import Facts, turn, unsure
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.peers import Peer
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
PAGE, PATH = "/settings/opinions/", "/recognition/endpoint"


def filled(model: Peer, **changes: Any) -> dict[str, Any]:
    usual = {"unit": "calls", "per_month": 50, "per_day": 10, "agrees": "on", "audiences": ["everyone"]}
    return {"address": f"{model.url}/v1", "model": "tiny", "key": "sk-page", **usual, **changes}


def test_an_owner_agrees_tries_and_ends_it(cast: Cast, model: Peer, signed_in: SignIn) -> None:
    alice = signed_in(cast.alice)
    with within_budget(__file__, "opinions"):
        page = alice.get(PAGE).text
    assert "No language model is asked." in page and "I agree that texts of these circles" in page
    refused = alice.post(PAGE, filled(model, agrees=""))
    assert refused.status_code == 422 and "Nothing leaves before you agree" in refused.text

    assert alice.post(PAGE, filled(model)).status_code == 302
    page = alice.get(PAGE).text
    assert "tiny" in page and "sk-page" not in page
    assert alice.post(f"{PAGE}try/").status_code == 302 and len(model.asked) == 1
    model.moods = ["500"]
    assert "It has trouble" in alice.post(f"{PAGE}try/").text
    assert alice.post(f"{PAGE}remove/").status_code == 302
    unsure(cast.alice)
    with entered(cast.alice):
        assert not Endpoint.objects.exists() and key_for(f"{model.url}/v1") == "" and turn(cast.alice) == 0
        logged = set(AuditEntry.objects.values_list("event", flat=True))
    assert {"agree_endpoint", "remove_endpoint"} <= logged


def test_administrators_look_and_colleagues_do_not(cast: Cast, model: Peer, signed_in: SignIn) -> None:
    bob = signed_in(cast.bob)
    assert bob.get(PAGE).status_code == 403 and bob.post(PAGE, filled(model)).status_code == 403
    assert bob.post(f"{PAGE}try/").status_code == bob.post(f"{PAGE}remove/").status_code == 403


def test_programs_do_the_same(cast: Cast, model: Peer, calling: Calling) -> None:
    admin = calling(cast.alice, "admin")
    wish = {"address": f"{model.url}/v1", "model": "tiny", "key": "sk-rest", "per_month": 9, "per_day": 9}
    assert admin.read(PATH)["address"] == ""
    assert "agrees" in admin.send("PUT", PATH, json=wish | {"agrees": False}).json()["fields"]
    unproven = calling(cast.alice, "admin", is_proven=False).send("PUT", PATH, json=wish | {"agrees": True})
    assert unproven.status_code == 403, unproven.content
    made = admin.write("PUT", PATH, wish | {"agrees": True})
    assert (made["audiences"], made["has_key"], made["left_today"]) == (["everyone"], True, 9)
    tried = admin.write("POST", f"{PATH}/try")
    assert tried["tokens"] == 120 and admin.read(PATH)["spent_today"] == 1
    admin.write("DELETE", PATH)
    assert admin.read(PATH)["address"] == "" and admin.send("POST", f"{PATH}/try").status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "ftp://model.example"), ("address", "https://a:b@model.example"),
        ("address", "https://m.example/?k=1"), ("unit", "euro"),
        ("model", " "), ("audiences", ()), ("audiences", ("team:none",)), ("per_day", 0), ("per_day", 99),
        ("agrees", False),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(alice: User, facts: Facts, field: str, value: Any) -> None:
    with entered(alice) as actor, pytest.raises(CannotAsk):
        set_endpoint(actor=actor, facts=facts(**{field: value}))
    with entered(alice):
        assert not Endpoint.objects.exists()


def test_a_key_goes_to_the_address_it_was_given_for_alone(alice: User, agreed: None, facts: Facts, model: Peer) -> None:
    with entered(alice) as actor:
        moved = set_endpoint(actor=actor, facts=facts(address=f"{model.url}/v2"))
        assert key_for(moved.address) == ""
        set_endpoint(actor=actor, facts=facts())
    unsure(alice)
    turn(alice)
    assert [one.headers.get("authorization") for one in model.asked] == ["Bearer sk-secret"]


def test_our_own_network_is_closed_unless_whoever_runs_plein_opens_it(
    alice: User, agreed: None, facts: Facts, model: Peer, settings: Any
) -> None:
    settings.PLEIN_ENDPOINT_INSIDE = False
    unsure(alice)
    assert turn(alice) == 0 and model.asked == []
    with entered(alice) as actor, pytest.raises(CannotAsk):
        set_endpoint(actor=actor, facts=facts())
    with entered(alice):
        assert "does not connect to" in Endpoint.objects.get().problem
