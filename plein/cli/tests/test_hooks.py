# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein hooks`: an address from the making to its removal."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from plein.cli import hooks
from plein.cli.speech import CommandTrouble
from plein.hooks.models import Hook
from plein.hooks.tests.caller import RING, Caller
from plein.testing.cast import Cast
from plein.trust.seats import entered


def test_an_address_is_made_called_listed_and_removed(
    cast: Cast, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def say(*words: str) -> dict[str, Any]:
        parser = argparse.ArgumentParser()
        hooks.add_arguments(parser)
        assert hooks.run(parser.parse_args([*words, "--user", cast.alice.email, "--json"])) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    given = "whsec_" + "c2VjcmV0" * 3
    (tmp_path / "secret").write_text(f"{given}\n")
    made = say("add", "Exchange", "--map", "phone=/event/caller", "--secret-from", str(tmp_path / "secret"))
    assert made["secret"] == given and "/hooks/in/" in made["address"]
    with entered(cast.alice):
        caller = Caller(cast.alice, Hook.objects.get(), made["address"].rpartition("/")[2], made["secret"])
    assert caller.call(RING).status_code == 202 and caller.handled() == 1

    [line] = say("list")["hooks"]
    assert (line["name"], line["counts"], line["turned_away"]) == ("Exchange", {"done": 1}, 0)
    for wrong in (["add", "Exchange"], ["add", "Other", "--map", "phone"], ["remove", "Nothing"]):
        with pytest.raises(CommandTrouble):
            say(*wrong)
    assert say("remove", "Exchange")["hook"] == made["hook"] and say("list")["hooks"] == []
