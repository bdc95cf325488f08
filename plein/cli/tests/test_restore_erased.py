# SPDX-License-Identifier: AGPL-3.0-or-later
"""An older backup does not bring anybody back: the list of erasures is replayed before anybody can sign in."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plein.operate.cluster import cluster_of
from plein.operate.dump import TABLES, Address
from plein.operate.places import DATABASE, PORT, Places
from plein.testing.figures import Judge

pytestmark = [
    pytest.mark.slow,
    # Three databases are begun and two restored, each by commands: minutes on a machine that does more.
    pytest.mark.timeout(1800),
    # What is replayed is tried per commit in plein/erasure/tests.
    pytest.mark.skipif(not os.environ.get("PLEIN_NIGHTLY"), reason="at night"),
]
PLANT = """
import json, django
django.setup()
from plein.erasure.tests.planting import plant
from plein.trust.models import User
from plein.core.isolation import no_workspace
with no_workspace("test"):
    user = User.objects.get(email="anna@example.org")
made = plant(user)
print(json.dumps({"person": str(made.person), "markers": made.markers}))
"""


def ask(home: Path, *words: str, code: int = 0) -> str:
    """What a command prints, in a Plein of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "plein.cli.main", *words],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == code, done.stderr
    return done.stdout or done.stderr


def _environment(home: Path) -> dict[str, str]:
    known = {"PLEIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "plein.settings", "PLEIN_DEMO": "0"}
    return os.environ | known


def everything(home: Path) -> str:
    """Every row of every table, read by who sees all, and every file but backups."""
    cluster = cluster_of(Places(home))
    found = []
    with cluster.in_use(), Address(str(cluster.socket), PORT, DATABASE, "postgres").connect() as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            found += [f"{table} {row[0]}" for row in connection.execute(f'SELECT t::text FROM "{table}" t')]
        found += [row[0] for row in connection.execute("SELECT s::text FROM pg_stats s")]
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    assert "plein_restoring" not in names
    for folder in ("files", "log", "erasures"):
        found += [path.read_bytes().decode(errors="replace") for path in (home / folder).rglob("*") if path.is_file()]
    return "\n".join(found).lower()


def test_an_older_backup_is_restored_without_whom_the_list_names(tmp_path: Path, judge: Judge) -> None:
    home, backup, restored = tmp_path / "home", tmp_path / "old.backup", tmp_path / "restored"
    ask(home, "user", "add", "anna@example.org", "--role", "owner")
    with cluster_of(Places(home)).in_use():
        planting = subprocess.run(
            [sys.executable, "-c", PLANT], env=_environment(home), capture_output=True, text=True, check=False
        )
        assert planting.returncode == 0, planting.stderr
    planted = json.loads(planting.stdout)
    ask(home, "backup", str(backup))
    ask(home, "erase", planted["person"], "--never-contact", "--json")
    erasures = home / "erasures" / "erasures.jsonl"
    restored.mkdir(mode=0o700)
    assert "another key" in ask(restored, "restore", str(backup), "--erasures", str(erasures), code=1)
    shutil.copy(home / "secret.key", restored / "secret.key")

    facts = json.loads(ask(restored, "restore", str(backup), "--erasures", str(erasures), "--json"))

    found = everything(restored)
    left = [marker for marker in planted["markers"] if marker.lower() in found]
    judge(
        "erasure: markers left in a restored backup, of 50",
        goal="0 of >= 50",
        measured=f"{len(left)} of {len(planted['markers'])}",
        is_good=not left,
    )
    assert left == []
    assert len(planted["markers"]) >= 50
    assert facts["erased"] == 1
    assert "wim blijver" in found
    assert (restored / "erasures" / "erasures.jsonl").read_text() == erasures.read_text()
    # The control: without the list they are back.
    other = tmp_path / "other"
    ask(other, "restore", str(backup), "--key", str(home / "secret.key"))
    assert all(marker.lower() in everything(other) for marker in planted["markers"])
