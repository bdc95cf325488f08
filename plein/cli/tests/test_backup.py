# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from plein.operate.archive import Reader
from plein.operate.cluster import cluster_of
from plein.operate.dump import Address, prints
from plein.operate.keyring import secrets_in
from plein.operate.places import DATABASE, PORT, Places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
USERS = ("bram", "dirk")
LATE = "late@example.net"


def ask(
    home: Path, *words: str, code: int = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "plein.cli.main", *words],
        env=os.environ | {"PLEIN_HOME": str(home)} | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def restore(home: Path, backup: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Restore what the fixture `backup` made, with the key of the Plein that made it."""
    return ask(home, "restore", str(backup), "--key", str(backup.with_name("secret.key")), *words, code=code)


@contextmanager
def reading(home: Path) -> Iterator[psycopg.Connection]:
    """The database of a Plein, asked without Plein."""
    cluster = cluster_of(Places(home))
    with cluster.in_use(), Address(str(cluster.socket), PORT, DATABASE, "postgres").connect() as connection:
        yield connection


def rows(home: Path) -> dict[str, list[int]]:
    """How many rows are in each table, and what they sum to."""
    with reading(home) as connection:
        return prints(connection)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Plein with some people, some mail and a file."""
    home = tmp_path_factory.mktemp("origin") / "home"
    ask(home, "user", "add", "anna@example.org", "--role", "owner")
    mail = home / "one.eml"
    mail.write_text(
        "From: Piet <piet@example.com>\nTo: anna@example.org\nSubject: Offerte\nMessage-ID: <1@example.com>\n"
        "Date: Mon, 2 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nDag Anna\n--b\nContent-Type: text/plain; name=a.txt\n"
        "Content-Disposition: attachment; filename=a.txt\n\nbijlage\n--b--\n"
    )
    ask(home, "import", "mail", str(mail), "--as", "anna@example.org")
    # Stays up for the module, so that not every command starts it and stops it.
    with cluster_of(Places(home)).in_use():
        yield home


@pytest.fixture(scope="module")
def backup(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup, made while somebody kept adding users."""
    target = tmp_path_factory.mktemp("backups") / "plein.backup"

    def work() -> None:
        for name in USERS:
            ask(origin, "user", "add", f"{name}@example.net", "--role", "member")

    working = threading.Thread(target=work)
    working.start()
    facts = json.loads(ask(origin, "backup", str(target), "--json").stdout)
    working.join()
    ask(origin, "user", "add", LATE, "--role", "member")
    assert facts["files"] == 1 and facts["encrypted"] == "key"
    shutil.copy(origin / "secret.key", target.with_name("secret.key"))
    assert facts["rows"] > 0
    yield target


def test_a_backup_made_while_people_work_is_restored_equal(backup: Path, origin: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = json.loads(restore(home, backup, "--json").stdout)

    keys = secrets_in(origin / "secret.key")
    with Reader(backup, keys=keys) as archive:
        wanted = archive.manifest.tables
    # Stays up, so that not every command starts it and stops it.
    with cluster_of(Places(home)).in_use():
        restored, live = rows(home), rows(origin)
        assert done["equal"]
        # What protects, and the log, which goes on, are of the Plein that it is now.
        own = {"core_protection", "core_audit_entry", "core_audit_head"}
        assert {name: restored[name] for name in wanted.keys() - own} == {
            name: found for name, found in wanted.items() if name not in own
        }
        # The control: people went on working meanwhile, so that what is live differs from what was held still.
        assert restored["trust_user"][0] < live["trust_user"][0]
        assert LATE not in ask(home, "user", "list").stdout
        files = [path for path in (home / "files").rglob("*") if path.is_file()]
        assert [path.read_text().strip() for path in files] == ["bijlage"]
        # Its keys are here now, and the key that was made for the empty Plein still knows what it sealed.
        assert secrets_in(home / "secret.key")[: len(keys)] == keys
        findings = json.loads(ask(home, "doctor", "--json").stdout)["findings"]
        assert [one["check"] for one in findings if not one["well"]] == []
        assert "audit log" in {one["check"] for one in findings}
        # And each log goes on with a line that says where it comes from.
        verdict = json.loads(ask(home, "audit", "verify", "--json").stdout)
        assert verdict["fits"] and len(verdict["chains"]) == 2
        with reading(home) as connection:
            lines = "SELECT workspace_id, facts::jsonb FROM core_audit_entry WHERE event = 'restore' ORDER BY 1"
            found = connection.execute(lines).fetchall()
    made = int(datetime.fromisoformat(done["made_at"]).timestamp())
    assert found == [(0, {"made": made, "erased": 0}), (1, {"made": made, "erased": 0})]


def test_a_plein_that_is_in_use_is_not_overwritten(backup: Path, origin: Path) -> None:
    before = rows(origin)

    refused = ask(origin, "restore", str(backup), code=1)

    assert "Restore into an empty Plein" in refused.stderr
    assert rows(origin) == before


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("cut off", marks=pytest.mark.nightly),
        pytest.param("one byte", marks=pytest.mark.nightly),
        "no backup",
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(backup: Path, tmp_path: Path, harm: str) -> None:
    damaged = tmp_path / "damaged.backup"
    content = bytearray(backup.read_bytes())
    if harm == "cut off":
        content = content[: len(content) // 2]
    elif harm == "one byte":
        content[len(content) // 3] ^= 0xFF
    else:
        content = bytearray(b"not a backup")
    damaged.write_bytes(content)
    home = tmp_path / "home"

    shutil.copy(backup.with_name("secret.key"), damaged.with_name("secret.key"))
    refused = restore(home, damaged, code=1)

    assert "Nothing was changed here." in refused.stderr
    assert not list((home / "files").glob("*"))
    if harm != "no backup":
        # What was empty can still be filled.
        restore(home, backup)


def test_nobody_opens_a_backup_without_its_key_and_it_says_what_to_give(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    assert not any(word in content for word in (b"anna@example.org", b"bijlage", b"manifest.json", b"trust_user"))

    refused = ask(tmp_path / "home", "restore", str(backup), code=1)

    assert "--key FILE" in refused.stderr and "Nothing was changed here." in refused.stderr


@pytest.mark.nightly
def test_a_passphrase_and_no_encryption_are_ways_too(origin: Path, tmp_path: Path) -> None:
    said = tmp_path / "passphrase"
    said.write_text("paard batterij nietje\n")
    locked, plain = tmp_path / "locked.backup", tmp_path / "plain.backup"
    assert (
        json.loads(ask(origin, "backup", str(locked), "--passphrase-file", str(said), "--json").stdout)["encrypted"]
        == "passphrase"
    )
    ask(origin, "backup", str(plain), "--unencrypted")
    assert zipfile.is_zipfile(plain) and not zipfile.is_zipfile(locked)

    refused = ask(tmp_path / "home", "restore", str(locked), code=1)
    assert "--passphrase-file FILE" in refused.stderr
    ask(tmp_path / "home", "restore", str(locked), "--passphrase-file", str(said))
    ask(tmp_path / "other", "restore", str(plain))
    for home in ("home", "other"):
        assert "anna@example.org" in ask(tmp_path / home, "user", "list").stdout


def test_a_backup_never_overwrites_another_one(backup: Path, origin: Path) -> None:
    before = backup.read_bytes()

    refused = ask(origin, "backup", str(backup), code=1)

    assert "choose another name" in refused.stderr
    assert backup.read_bytes() == before


@pytest.mark.nightly
def test_a_restore_that_is_killed_leaves_the_plein_empty_and_begins_anew(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    ask(home, "user", "list")
    running = subprocess.Popen(
        [sys.executable, "-m", "plein.cli.main", "restore", str(backup), "--key", str(backup.with_name("secret.key"))],
        env=os.environ | {"PLEIN_HOME": str(home)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert running.stderr
    for line in running.stderr:
        if "Comparing" in line:
            break
    running.kill()
    running.communicate()

    assert ask(home, "user", "list").stdout == ""
    restore(home, backup)
    assert "anna@example.org" in ask(home, "user", "list").stdout


def test_an_external_database_is_backed_up_by_an_administrator_only(origin: Path, tmp_path: Path) -> None:
    cluster = cluster_of(Places(origin))
    with cluster.in_use():
        address = f"postgresql://{{}}@/plein?host={cluster.socket}"
        environment = {"DATABASE_URL": address.format("plein_app"), "DATABASE_OWNER_URL": address.format("plein_owner")}
        target = tmp_path / "external.backup"

        nobody = ask(tmp_path / "home", "backup", str(target), code=1, environment=environment)
        owner = ask(tmp_path / "home", "backup", str(target), "--admin-url", address.format("plein_owner"), code=1,
                    environment=environment)  # fmt: skip
        ask(
            tmp_path / "home", "backup", str(target), "--admin-url", address.format("postgres"), environment=environment
        )

    assert "--admin-url" in nobody.stderr
    assert "does not see every row" in owner.stderr
    assert target.stat().st_size > 0
    shutil.rmtree(tmp_path / "home")
