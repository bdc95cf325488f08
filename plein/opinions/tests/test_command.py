# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein models endpoint`, against a language model on this machine: how it goes, and whether it works."""

import json
import os
from typing import Any

import pytest

from plein.cli.main import main
from plein.opinions.actions import set_endpoint
from plein.opinions.tests.conftest import Facts
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.peers import Answer, Peer, running
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _where(test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)


def told(capsys: pytest.CaptureFixture[str], what: str, email: str) -> dict[str, Any]:
    """What the command prints for programs."""
    assert main(["models", "endpoint", what, "--user", email, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_it_tells_how_it_goes_and_what_a_try_took(
    cast: Cast, model: Peer, facts: Facts, capsys: pytest.CaptureFixture[str]
) -> None:
    email = cast.alice.email
    nothing = told(capsys, "show", email)
    assert nothing["address"] == "" and nothing["spent_today"] == 0
    assert main(["models", "endpoint", "test", "--user", email, "--json"]) != 0, "nobody agreed"
    assert not model.asked
    capsys.readouterr()

    with entered(cast.alice) as actor:
        set_endpoint(actor=actor, facts=facts(), key="sk-secret")
    tried = told(capsys, "test", email)
    assert tried["tokens"] == 120 and len(model.asked) == 1
    shown = told(capsys, "show", email)
    assert shown["address"] == f"{model.url}/v1" and shown["model"] == "tiny" and shown["problem"] == ""
    assert (shown["spent_today"], shown["left_today"]) == (1, 9)
    assert "sk-secret" not in json.dumps([tried, shown]), "the key is never told"


def test_an_answer_of_no_use_is_a_failure_that_says_so(
    cast: Cast, model: Peer, facts: Facts, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(lambda _request: Answer(b"no json")) as dumb:
        with entered(cast.alice) as actor:
            set_endpoint(actor=actor, facts=facts(address=f"{dumb.url}/v1"), key="")
        assert main(["models", "endpoint", "test", "--user", cast.alice.email, "--json"]) != 0
        assert len(dumb.asked) == 1
    assert "not as it was asked to" in capsys.readouterr().err


def test_who_is_no_owner_asks_nothing(
    cast: Cast, model: Peer, facts: Facts, capsys: pytest.CaptureFixture[str]
) -> None:
    with entered(cast.alice) as actor:
        set_endpoint(actor=actor, facts=facts(), key="")
    assert main(["models", "endpoint", "test", "--user", cast.bob.email, "--json"]) != 0
    assert not model.asked and "owner" in capsys.readouterr().err
