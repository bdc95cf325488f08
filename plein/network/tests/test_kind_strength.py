# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kind of tie of a company's own is as strong as the company says, and one looks first what that would do."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.operations import undo
from plein.network.models import Half
from plein.network.queries import differences
from plein.network.tests.conftest import Network, tied
from plein.relations.models import TieType
from plein.relations.tests.test_tie_types import last
from plein.testing.factories import make_tie_type
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]
type SignIn = Callable[[User], Client]


@pytest.fixture
def choir(alice: User, network: Network) -> TieType:
    """Alice and Rik, and Henk and Rik who are friends too, sing in a choir; an ordinary tie."""
    with entered(alice) as actor:
        type = make_tie_type(actor, name="sings with")
        tied(network.alice, network.rik, type.key, type_id=type.id)
        tied(network.henk, network.rik, type.key, type_id=type.id)
        return type


def weights(user: User, type: TieType) -> set[float]:
    with entered(user):
        return set(Half.objects.filter(origin_id__in=type.ties.values("id")).values_list("weight", flat=True))


def test_a_kind_is_as_strong_as_one_says_and_its_ties_follow(alice: User, choir: TieType, signed_in: SignIn) -> None:
    client, page = signed_in(alice), f"/settings/ties/{choir.id}/"
    told = {"name_en": "sings with", "may_introduce": "on", "strength": "exact", "version": "1"}
    for odd in ("", "0", "100", "many"):
        assert client.post(page, {**told, "percent": odd}).status_code == 422
    assert weights(alice, choir) == {0.4}
    assert client.post(page, {**told, "percent": "55"}).status_code == 302
    assert weights(alice, choir) == {0.55}
    assert "In the network: 55 %" in client.get("/settings/ties/").text
    with entered(alice):
        assert differences().ties == 0
        undo(last())
    assert weights(alice, choir) == {0.4}
    assert client.post(page, {**told, "strength": "weak", "percent": "55", "version": "3"}).status_code == 302
    with entered(alice):
        assert TieType.objects.get().percent is None
    assert weights(alice, choir) == {0.2}


def test_one_looks_first_what_it_would_do_and_nothing_changes(
    alice: User, bob: User, choir: TieType, signed_in: SignIn
) -> None:
    page = f"/settings/ties/{choir.id}/effects/"
    told = {"name_en": "sings with", "strength": "exact", "percent": "80", "version": "1"}
    shown = signed_in(alice).post(page, told)
    assert shown.status_code == 200
    lines = [(one["one"].name, one["other"].name, one["now"], one["then"]) for one in shown.context["lines"]]
    assert lines == [("Alice", "Rik Jansen", 40, 80), ("Henk Vos", "Rik Jansen", 60, 80)]
    assert 'name="percent" value="80"' in shown.text
    assert signed_in(alice).post(page, {**told, "percent": ""}).status_code == 422
    assert signed_in(bob).post(page, told).status_code == 403
    assert weights(alice, choir) == {0.4}


def test_a_program_looks_and_chooses_too(
    alice: User, charlie: User, network: Network, choir: TieType, calling: Calling
) -> None:
    caller, path = calling(alice, "all"), f"/network/tie-types/{choir.id}/preview"
    found = caller.send("POST", path, json={"strength": "exact", "percent": 10}).json()
    ties = [(one["strength"], one["would_be"]) for one in found["ties"]]
    assert (found["count"], ties) == (2, [(0.4, 0.1), (0.6, 0.6)])
    assert calling(charlie, "all").send("POST", path, json={"percent": 10}).status_code == 404
    changes = {"version": 1, "strength": "exact", "percent": 10}
    changed = caller.send("PATCH", f"/tie-types/{choir.id}", json=changes).json()
    assert (changed["strength"], changed["percent"]) == ("exact", 10) and weights(alice, choir) == {0.1}
    refused = caller.send("PATCH", f"/tie-types/{choir.id}", json={"version": 2, "strength": "exact", "percent": 0})
    assert refused.status_code == 422


def test_what_one_may_not_see_is_in_no_preview(alice: User, bob: User, network: Network, calling: Calling) -> None:
    with entered(alice) as actor:
        type = make_tie_type(actor, name="shares a secret with")
        tied(network.alice, network.spar, type.key, type_id=type.id)
    seen = calling(alice, "all").send("POST", f"/network/tie-types/{type.id}/preview", json={"percent": 10}).json()
    assert seen["count"] == 1
    with entered(bob):
        assert not Half.objects.filter(origin_id__in=type.ties.values("id")).exists()
