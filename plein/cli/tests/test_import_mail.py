# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from plein.channels.connectors.archives.tests.samples import ARCHIVES, zip_of
from plein.channels.models import ImportState, MailImport
from plein.cli.main import main
from plein.core.isolation import no_workspace
from plein.moments.intake.tests.mailboxes import Mail, correspondence, mbox
from plein.moments.models import Moment, MomentSubject, MomentText
from plein.operate.places import OWNER
from plein.relations.models import Relation
from plein.testing.database import TestDatabase
from plein.testing.home import ROOT
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
KEYS = {
    "operation",
    "messages",
    "imported",
    "duplicates",
    "unreadable",
    "threads",
    "people",
    "organizations",
    "seconds",
}


@pytest.fixture
def environment(transactional_db: None, test_database: TestDatabase, alice: User) -> dict[str, str]:
    """The environment of a command on the test's database."""
    del transactional_db, alice
    return os.environ | {"DATABASE_URL": test_database.url(), "DATABASE_OWNER_URL": test_database.url(OWNER)}


def started(environment: dict[str, str], *words: str, kind: str = "mail") -> subprocess.Popen[str]:
    """The command, as typed."""
    command = [sys.executable, "-m", "plein.cli.main", "import", kind, *words]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl-C, and so would its children; the one at a keyboard does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def ended(environment: dict[str, str], *words: str, kind: str = "mail") -> tuple[int, str, str]:
    """The command, carried out: its code, its result, its progress."""
    process = started(environment, *words, kind=kind)
    result, progress = process.communicate(timeout=120)
    return process.returncode, result, progress


@dataclass(frozen=True)
class Typed:
    """The command in this process, whose database is up already: its code, its result, its progress."""

    printed: pytest.CaptureFixture[str]

    def __call__(self, *words: str, kind: str = "mail") -> tuple[int, str, str]:
        code = main(["import", kind, *words])
        return code, *self.printed.readouterr()


@pytest.fixture
def typed(
    transactional_db: None, alice: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    del transactional_db, alice
    monkeypatch.setattr("plein.cli.main._needs_database", lambda arguments: False)
    return Typed(capsys)


def many(path: Path) -> Path:
    """A store that takes a few seconds."""
    mails = [Mail(sender=f"P{n % 60} <p{n % 60}@firm{n % 9}.example.net>", text=f"{n} " * 200) for n in range(2500)]
    return mbox(path, mails)


def test_the_result_is_one_json_object_and_a_second_time_brings_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    store = str(mbox(tmp_path / "in.mbox", correspondence()))
    words = (store, "--as", "alice@plein.example", "--policy", "everyone", "--ours", "plein.example", "--json")
    code, result, progress = ended(environment, *words)
    first = json.loads(result)
    assert code == 0 and set(first) == KEYS and "Our side: plein.example" in progress
    assert (first["messages"], first["imported"], first["people"], first["organizations"]) == (8, 8, 3, 2)
    second = json.loads(ended(environment, *words)[1])
    assert (second["imported"], second["duplicates"], second["people"]) == (0, 8, 0)


def test_the_archive_of_a_network_is_brought_in_by_its_own_command(typed: Typed, alice: User, tmp_path: Path) -> None:
    path = str(zip_of(ARCHIVES["telegram"], tmp_path / "telegram.zip"))
    code, result, progress = typed(path, "--as", alice.email, "--policy", "everyone", "--json", kind="archive")

    told = json.loads(result)
    assert code == 0 and "Our side: user7, Sam Bakker" in progress
    assert (told["messages"], told["imported"], told["unreadable"], told["threads"]) == (2, 2, 0, 1)
    assert set(told) == KEYS - {"organizations"} | {"ties", "proposals"}


def test_a_dry_run_tells_what_is_in_it_and_leaves_nothing(typed: Typed, alice: User, tmp_path: Path) -> None:
    store = str(mbox(tmp_path / "in.mbox", correspondence()))
    code, result, _progress = typed(store, "--as", alice.email, "--dry-run", "--json")
    preview = json.loads(result)
    assert code == 0 and preview["messages"] == 8 and preview["policies"]["everyone"]["people"] == 3
    with entered(alice):
        assert not MailImport.objects.exists() and not Moment.objects.exists()


def wait_until_it_writes(process: subprocess.Popen[str], user: User) -> None:
    """Returns when the first messages are in, however long the command took to start."""
    limit = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < limit:
        with entered(user):
            if Moment.objects.exists():
                return
        time.sleep(0.05)
    raise AssertionError(f"it ended, or wrote nothing: {process.communicate(timeout=5)}")


def test_ctrl_c_pauses_and_the_same_command_goes_on(environment: dict[str, str], alice: User, tmp_path: Path) -> None:
    store = str(many(tmp_path / "many.mbox"))
    process = started(environment, store, "--as", alice.email, "--policy", "everyone", "--json")
    wait_until_it_writes(process, alice)
    process.send_signal(signal.SIGINT)
    _result, progress = process.communicate(timeout=60)
    assert process.returncode == 130 and "The same command goes on" in progress
    with entered(alice):
        assert not MailImport.objects.filter(state=ImportState.RUNNING).exists()
    code, result, _progress = ended(environment, store, "--as", alice.email, "--policy", "everyone", "--json")
    assert code == 0 and json.loads(result)["messages"] == 2500
    with entered(alice):
        assert Moment.objects.count() == 2500


def test_when_the_database_goes_away_it_says_so_and_goes_on_afterwards(
    environment: dict[str, str], alice: User, tmp_path: Path, test_database: TestDatabase
) -> None:
    store = str(many(tmp_path / "many.mbox"))
    process = started(environment, store, "--as", alice.email, "--policy", "everyone", "--json")
    wait_until_it_writes(process, alice)
    with test_database.cluster.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [test_database.name])
    result, progress = process.communicate(timeout=60)
    if process.returncode:
        assert "Traceback" not in progress and "database" in progress
        code, result, _progress = ended(environment, store, "--as", alice.email, "--policy", "everyone", "--json")
        assert code == 0
    assert json.loads(result)["messages"] == 2500


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("/nowhere/at/all",), "There is nothing at /nowhere/at/all."),
        (("{store}", "--as", "nobody@plein.example"), "There is no user nobody@plein.example."),
        (("{store}", "--ours", "no domain"), "--ours wants a domain or an address"),
        (("{store}", "--circle", "Strangers"), "--circle wants everyone, me, a team of yours, or people:EMAIL,EMAIL"),
        (("{store}", "--roles", "{picture}"), "has no column called email"),
        (("{picture}",), "is not mail"),
    ],
)
def test_what_cannot_be_gets_one_sentence(typed: Typed, tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    store, picture = mbox(tmp_path / "in.mbox", correspondence()), tmp_path / "holiday.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    wanted = [word.format(store=store, picture=picture) for word in words]
    whom = [] if "--as" in wanted else ["--as", "alice@plein.example"]
    code, result, progress = typed(*wanted, *whom)
    assert code == 1 and result == "" and sentence in progress and "Traceback" not in progress


def test_it_is_confidential_from_the_first_mail_on(
    typed: Typed, alice: User, bob: User, gina: User, tmp_path: Path
) -> None:
    store = str(mbox(tmp_path / "in.mbox", correspondence()))
    words = ("--circle", f"people:{gina.email}", "--gives", "envelope", "--policy", "everyone", "--json")
    code, _result, _progress = typed(store, "--as", bob.email, *words)
    assert code == 0
    for reader, moments, subjects in ((bob, 8, 8), (gina, 8, 0), (alice, 0, 0)):
        with entered(reader):
            assert (Moment.objects.count(), MomentSubject.objects.count()) == (moments, subjects), reader.email
            assert Relation.objects.exists() is (reader is not alice)
            assert MomentText.objects.exists() is (reader is bob)


def test_a_team_may_be_the_circle(typed: Typed, alice: User, bob: User, tmp_path: Path) -> None:
    store = str(mbox(tmp_path / "in.mbox", correspondence()))
    code, _result, _progress = typed(store, "--as", bob.email, "--circle", "Sales", "--json")
    assert code == 0
    with entered(bob):
        assert Moment.objects.count() == 8
    with entered(alice):
        assert not Moment.objects.exists()
    with no_workspace("test"):
        assert User.objects.count() == 4
