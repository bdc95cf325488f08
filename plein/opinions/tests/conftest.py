# SPDX-License-Identifier: AGPL-3.0-or-later
"""A language model on this machine, and an owner who lets Plein ask it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plein.moments.models import Moment
from plein.moments.tests.recognised import make_recognised
from plein.opinions.actions import EndpointFacts, set_endpoint
from plein.opinions.turn import Turn
from plein.testing.factories import make_moment
from plein.testing.peers import Answer, Peer, running
from plein.trust.models import User
from plein.trust.seats import entered

TEXT = "Beste Karin, als dit zo doorgaat zoeken wij een ander. Groeten, Mirjam"
UNSURE = {"churn_threat": 0.5, "complaint": 0.4, "question": 0.02}
SAID = {"labels": {"churn_threat": 0.95, "complaint": 0.1}, "words": {"churn_threat": ["zoeken wij een ander"]}}

type Facts = Callable[..., EndpointFacts]


def saying(said: Any) -> Answer:
    """The answer of a model that says this."""
    content = {"choices": [{"message": {"content": json.dumps(said)}}], "usage": {"total_tokens": 120}}
    return Answer(json.dumps(content).encode())


@pytest.fixture
def model(settings: Any) -> Iterator[Peer]:
    """It answers what its `said` is."""
    settings.PLEIN_ENDPOINT_INSIDE = True

    with running(lambda _request: saying(SAID)) as peer:
        yield peer


@pytest.fixture
def facts(model: Peer) -> Facts:
    def make(**changes: Any) -> EndpointFacts:
        usual = {"unit": "calls", "per_month": 50, "per_day": 10, "agrees": True, "audiences": ("everyone",)}
        return EndpointFacts(**{"address": f"{model.url}/v1", "model": "tiny", **usual, **changes})

    return make


@pytest.fixture
def agreed(alice: User, facts: Facts) -> None:
    """Alice agreed."""
    with entered(alice) as actor:
        set_endpoint(actor=actor, facts=facts(), key="sk-secret")


def unsure(user: User, text: str = TEXT, *, people: Any = (), recognised: Any = None, **changes: Any) -> Moment:
    """A mail of which Plein is not sure."""
    with entered(user) as actor:
        made = make_moment(*people, text=text, kind="email", direction="inbound", **changes)
        make_recognised(actor, made, **{"labels": UNSURE, **(recognised or {})})
        return made


def turn(user: User) -> int:
    """What a worker does: how many texts were asked about."""
    with entered(user) as actor:
        workspace = actor.workspace_id
    return Turn(user, workspace).run()
