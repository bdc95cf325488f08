# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data of every earlier release comes along to this one."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from plein.cli.tests.test_backup import ask, rows
from plein.operate.cluster import cluster_of
from plein.operate.places import Places

pytestmark = pytest.mark.slow
RELEASES = sorted(Path(__file__).with_name("releases").glob("*.backup"))
#: Tables of which a migration may rewrite the rows.
KEPT = ("trust_user", "trust_seat", "relations_relation", "relations_membership", "moments_moment", "moments_text",
        "moments_participant", "core_change", "core_operation")  # fmt: skip


def test_there_is_a_release_to_come_from() -> None:
    assert RELEASES


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_the_data_of_an_earlier_release_comes_along(release: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"

    done = json.loads(ask(home, "restore", str(release), "--json").stdout)

    with zipfile.ZipFile(release) as archive:
        before = json.loads(archive.read("manifest.json"))["tables"]
    # Stays up, so that not every command starts it and stops it.
    with cluster_of(Places(home)).in_use():
        after = rows(home)
        assert done["equal"]
        assert {name: after[name][0] for name in KEPT} == {name: before[name][0] for name in KEPT}
        findings = json.loads(ask(home, "doctor", "--json").stdout)["findings"]
        assert [one["check"] for one in findings if not one["well"]] == []
        assert "anna@example.org" in ask(home, "user", "list").stdout
        ask(home, "user", "add", "cees@example.org", "--role", "member")


@pytest.mark.nightly
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("words", ["Bringing the tables", "Putting the protection"])
def test_an_upgrade_that_is_killed_is_finished_by_the_next_start(release: Path, words: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    upgrading = subprocess.Popen(
        [sys.executable, "-m", "plein.cli.main", "restore", str(release)],
        env=os.environ | {"PLEIN_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert upgrading.stderr
    for line in upgrading.stderr:
        if line.startswith(words):
            break
    upgrading.send_signal(signal.SIGKILL)
    upgrading.communicate()

    listed = ask(home, "user", "list")

    assert "anna@example.org" in listed.stdout
    findings = json.loads(ask(home, "doctor", "--json").stdout)["findings"]
    assert [one["check"] for one in findings if not one["well"]] == []
