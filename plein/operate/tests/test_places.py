# SPDX-License-Identifier: AGPL-3.0-or-later
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plein.operate.places import (
    UnusablePlace,
    claim_socket_folder,
    database_settings,
    places,
    private_folder,
    secret_key,
)


@pytest.fixture(autouse=True)
def plein_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_HOME", str(tmp_path / "home"))


def test_the_secret_key_is_made_once_and_is_its_owners_alone() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = {key.result() for key in [pool.submit(secret_key) for _ in range(8)]}

    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(places().secret_key.stat().st_mode) == 0o600
    assert [path.name for path in places().home.glob("secret.key*")] == ["secret.key"]


def test_without_an_address_the_database_is_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    found = database_settings()

    assert found["default"]["USER"] == "plein_app"
    assert found["owner"]["USER"] == "plein_owner"
    assert "pool" in found["default"]["OPTIONS"]
    assert "pool" not in found["owner"]["OPTIONS"]


def test_an_address_is_read_with_its_escapes_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://plein_app:p%40ss@db.example:6432/acme?sslmode=require")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://plein_owner@/acme?host=/run/pg")

    found = database_settings()

    default, owner = found["default"], found["owner"]
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db.example", "6432", "acme")
    assert (default["USER"], default["PASSWORD"]) == ("plein_app", "p@ss")
    assert default["OPTIONS"]["sslmode"] == "require"
    assert (owner["HOST"], owner["USER"]) == ("/run/pg", "plein_owner")


def test_another_kind_of_database_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root@localhost/crm")

    with pytest.raises(UnusablePlace, match="DATABASE_URL must look like postgresql://"):
        database_settings()


def test_a_file_in_the_folders_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")

    with pytest.raises(UnusablePlace, match="Plein cannot use the folder"):
        private_folder(tmp_path / "var")


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(UnusablePlace, match="belongs to somebody else"):
        claim_socket_folder(tmp_path / "link", 0)
