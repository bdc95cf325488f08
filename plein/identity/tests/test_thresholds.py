# SPDX-License-Identifier: AGPL-3.0-or-later
"""A company chooses when somebody is taken for somebody it knows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import undo
from plein.identity.profiles import Profile
from plein.identity.queries import PLEIN, Thresholds, Verdict, match, thresholds
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
PAGE = "/settings/matching/"
type SignIn = Callable[[Any], Client]


def sent(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"automatic": 25, "strong": 18, "ahead": 4, "review": 2, **changes}


def test_one_looks_what_it_means_then_chooses_and_turns_it_back(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)

    looked = client.post(PAGE, sent(look="1"))
    with entered(cast.alice):
        assert thresholds() == PLEIN
    client.post(PAGE, sent())
    with entered(cast.alice):
        assert thresholds() == Thresholds(25, 18, 4, 2)
        undo(Operation.objects.latest("started_at").id)
        assert thresholds() == PLEIN

    assert "33,554,432 to one" in looked.content.decode()


def test_what_would_ask_nobody_is_refused_and_loses_nothing(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.alice).post(PAGE, sent(review=30))

    assert answer.status_code == 422
    assert 'value="30"' in answer.content.decode()
    with entered(cast.alice):
        assert thresholds() == PLEIN


def test_only_who_manages_may(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.bob).get(PAGE).status_code == 403
    assert signed_in(cast.bob).post(PAGE, sent()).status_code == 403
    with entered(cast.alice):
        assert thresholds() == PLEIN


def test_the_api_chooses_and_what_is_found_is_judged_by_it(cast: Cast, calling: Calling) -> None:
    caller = calling(cast.alice, "admin")
    with entered(cast.alice):
        make_membership(make_person("Henk Jansen"), make_organization("Jansen Bouw"))
    heard = Profile(names=("Henk Jansen",), organization="Jansen Bouw")

    chosen = caller.write("PUT", "/match/thresholds", {"automatic": 5, "strong": 5})
    with entered(cast.alice):
        lenient = match(heard).verdict
    caller.write("PUT", "/match/thresholds", {"automatic": 60})
    with entered(cast.alice):
        strict = match(heard).verdict
    caller.write("DELETE", "/match/thresholds")

    assert (chosen["automatic"], chosen["ahead"], chosen["is_own"]) == (5, PLEIN.ahead, True)
    assert (lenient, strict) == (Verdict.AUTOMATIC, Verdict.REVIEW)
    assert caller.read("/match/thresholds")["is_own"] is False
