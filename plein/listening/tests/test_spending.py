# SPDX-License-Identifier: AGPL-3.0-or-later
"""So many minutes a network: the best that fits, always the best one, and what is left is counted."""

import json
import os
from types import SimpleNamespace
from typing import Any

import pytest

from plein.cli.main import main
from plein.core.ids import new_id
from plein.listening.actions import do_with
from plein.listening.queries import Spent, in_minutes
from plein.listening.tests.test_searches import listen, post
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.trust.seats import entered


def item(minutes: float) -> Any:
    """A post that takes so long."""
    return SimpleNamespace(moment=SimpleNamespace(id=new_id()), minutes=minutes)


def test_what_fits_is_taken_in_order_and_the_best_of_each_network_however_long() -> None:
    long, short, longer, other, last = item(9.0), item(2.0), item(4.0), item(30.0), item(1.0)
    networks = {other.moment.id: "mastodon"}

    taken, spent = in_minutes([long, short, longer, other, last], networks, 11)

    assert taken == [long, short, other]
    assert spent == [Spent("", 2, 11.0, 2), Spent("mastodon", 1, 30.0, 0)]


@pytest.mark.django_db(transaction=True)
def test_the_command_tells_the_best_of_each_network(
    cast: Cast, capsys: pytest.CaptureFixture[str], test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    listen(cast.alice)
    heard = post(cast.alice, "Dat geluid van hun pomp!")

    assert main(["listening", "--user", cast.alice.email, "--minutes", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in told["items"]] == ["Dat geluid van hun pomp!"]
    assert told["networks"][0]["count"] == 1 and told["networks"][0]["left"] == 0

    with entered(cast.alice) as actor:
        do_with(actor=actor, moment=heard, doing="read")
    assert main(["listening", "--user", cast.alice.email, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == []
