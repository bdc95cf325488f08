# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from plein.operate.cluster import cluster_of
from plein.operate.places import Places

CAREFREE = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture(scope="module")
def external(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address, as administrator, of a PostgreSQL that Plein did not start."""
    cluster = cluster_of(Places(tmp_path_factory.mktemp("external") / "home"))
    cluster.extra = CAREFREE
    with cluster.in_use():
        yield f"postgresql://postgres@/postgres?host={cluster.socket}"


@pytest.fixture(scope="module")
def addresses(external: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    done = plein(tmp_path_factory.mktemp("setup"), "database", "setup", "--admin-url", external, "--json")
    found: dict[str, str] = json.loads(done.stdout)
    return found


def plein(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return ask(home, words, environment, code=0)


def refused(home: Path, *words: str, **environment: str) -> str:
    """The sentence with which a command refuses."""
    return ask(home, words, environment, code=1).stderr


def ask(
    home: Path, words: tuple[str, ...], environment: dict[str, str], *, code: int
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "plein.cli.main", *words],
        env=os.environ | {"PLEIN_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_setup_prints_two_addresses_that_let_each_role_in(addresses: dict[str, str]) -> None:
    users = {}
    for name, address in addresses.items():
        with psycopg.connect(address) as connection:
            users[name] = connection.info.user

    assert users == {"DATABASE_URL": "plein_app", "DATABASE_OWNER_URL": "plein_owner"}


def test_setup_again_changes_nothing_and_says_so(addresses: dict[str, str], external: str, tmp_path: Path) -> None:
    done = plein(tmp_path, "database", "setup", "--admin-url", external)

    assert "Passwords stayed as they were" in done.stderr
    assert "PASSWORD" in done.stdout


def test_servers_refuse_a_database_that_is_not_migrated_and_start_after(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    worker = refused(tmp_path, "worker", **addresses)
    only_app = refused(tmp_path, "database", "migrate", DATABASE_URL=addresses["DATABASE_URL"])
    plein(tmp_path, "database", "migrate", **addresses)
    doctor = plein(tmp_path, "doctor", "--json", **addresses)

    assert "run `plein database migrate` first" in worker
    assert "set DATABASE_OWNER_URL" in only_app
    findings = json.loads(doctor.stdout)["findings"]
    assert [one["check"] for one in findings if not one["well"]] == []


@pytest.mark.parametrize("role", [pytest.param("postgres", marks=pytest.mark.nightly), "plein_owner"])
def test_servers_refuse_a_role_that_can_bypass_row_security(
    addresses: dict[str, str], external: str, tmp_path: Path, role: str
) -> None:
    plein(tmp_path, "database", "migrate", **addresses)
    unsafe = external.replace("postgres@/postgres", f"{role}@/plein")

    for command in ("web", "worker"):
        said = refused(tmp_path, command, DATABASE_URL=unsafe, PLEIN_PORT="0")

        assert f"does not start as the database role {role}" in said


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    said = refused(tmp_path, "worker", DATABASE_URL=f"postgresql://plein_app@/plein?host={tmp_path}")

    assert said.startswith("The database does not answer:")


def test_setup_without_an_address_asks_for_one(tmp_path: Path) -> None:
    assert "DATABASE_URL or --admin-url" in refused(tmp_path, "database", "setup")
