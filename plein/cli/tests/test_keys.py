# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fresh key: everything is sealed anew, also when it is killed halfway, and what was hashed is still known."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.apps import apps

from plein.core.isolation import no_workspace
from plein.operate import keyring
from plein.operate.places import OWNER, UnusablePlace, places
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.trust import code_apps, recovery_codes, secret_box
from plein.trust.models import CodeApp, Secret, User
from plein.trust.resealing import SEALED, sealed_columns
from plein.trust.seats import entered

COUNT = 12


@pytest.fixture(autouse=True)
def own_ring() -> Iterator[None]:
    """The key of the test process, as it was, when the test is over."""
    before = places().secret_key.read_text()
    yield
    places().secret_key.write_text(before)


@pytest.fixture
def sealed(transactional_db: None, cast: Cast) -> Cast:
    """Secrets in two workspaces, and an app of Bob's."""
    for owner in (cast.alice, cast.charlie):
        with entered(owner):
            for number in range(COUNT):
                secret_box.put(f"imap:{number}", f"marker-{number}")
    with no_workspace("test"):
        CodeApp.objects.create(user=cast.bob, sealed=code_apps.seal(cast.bob, b"twenty bytes of it .."))
    return cast


def command(database: TestDatabase, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": database.url(),
        "DATABASE_OWNER_URL": database.url(OWNER),
        "PLEIN_POOL": "0",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "plein.cli.main", "keys", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def newest(users: list[User]) -> list[bool]:
    """Of each secret, whether the newest key sealed it; all of them open."""
    found = []
    for user in users:
        with entered(user):
            assert [secret_box.get(f"imap:{number}") for number in range(COUNT)] == [
                f"marker-{number}" for number in range(COUNT)
            ]
            found += [secret_box.is_newest(bytes(one.sealed)) for one in Secret.objects.order_by("id")]
    return found


@pytest.mark.slow
def test_a_rotation_that_is_killed_halfway_goes_on_and_loses_nothing(sealed: Cast, test_database: TestDatabase) -> None:
    users = [sealed.alice, sealed.charlie]
    with entered(sealed.charlie):
        waiting = Secret.objects.get(name="imap:5").id
    with test_database.cluster.connect(test_database.name) as holder:
        holder.autocommit = False
        assert holder.execute("SELECT 1 FROM trust_secret WHERE id = %s FOR UPDATE", [waiting]).fetchone()
        process = command(test_database, "rotate", "--json")
        # It comes to the row that is held, and waits there.
        limit = time.monotonic() + 60
        while not (keyring.is_rotating() and all(newest([sealed.alice]))):
            assert time.monotonic() < limit and process.poll() is None
            time.sleep(0.3)
        time.sleep(1)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        holder.rollback()

    halfway = newest(users)
    assert keyring.is_rotating() and any(halfway) and not all(halfway)

    going_on = command(test_database, "rotate", "--json")
    said, _trouble = going_on.communicate(timeout=100)
    facts = json.loads(said)

    assert facts["went_on"] and facts["unopenable"] == 0 and facts["retired"] == 1
    assert all(newest(users)) and not keyring.is_rotating()
    with no_workspace("test"):
        app = CodeApp.objects.get(user=sealed.bob)
        assert secret_box.is_newest(bytes(app.sealed))
        assert code_apps.opened(sealed.bob, bytes(app.sealed)) == b"twenty bytes of it .."


def test_a_process_that_runs_seals_and_opens_with_a_key_that_came_later(alice: User) -> None:
    with entered(alice):
        secret_box.put("imap:a", "marker")
    keyring.add_key()
    with entered(alice):
        assert secret_box.get("imap:a") == "marker"
        secret_box.put("imap:b", "other")
        states = [secret_box.is_newest(bytes(one.sealed)) for one in Secret.objects.order_by("name")]
    assert states == [False, True] and keyring.is_rotating()


def test_codes_on_paper_outlive_a_fresh_key(bob: User, settings: pytest.FixtureRequest) -> None:
    with no_workspace("test"):
        codes = recovery_codes.renew(bob)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another key altogether, made by a rotation"  # type: ignore[attr-defined]  # noqa: S105

    with no_workspace("test"):
        assert recovery_codes.accepts(bob, codes[0]) and not recovery_codes.accepts(bob, codes[0])


def test_a_key_that_is_none_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("short", " , ", "short,also short"):
        monkeypatch.setenv("PLEIN_SECRET_KEYS", wrong)
        with pytest.raises(UnusablePlace, match="at least 32 characters"):
            keyring.ring()
    monkeypatch.setenv("PLEIN_SECRET_KEYS", "a" * 40 + "," + "b" * 40)
    assert keyring.secrets_of_ring() == ["a" * 40, "b" * 40] and keyring.elsewhere()


def test_every_column_with_something_sealed_is_sealed_anew() -> None:
    #: Answers that were given are kept for a day under any key of the ring, and then deleted.
    short_lived = {"api_kept_answer.sealed"}

    assert sealed_columns(list(apps.get_models())) - short_lived == SEALED
