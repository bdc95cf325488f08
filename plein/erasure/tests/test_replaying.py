# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of erasures: what stands in it, and erasing again whom it names."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from plein.cli.erasures import read_list
from plein.cli.speech import CommandTrouble
from plein.consent.queries import never_contact
from plein.core.ids import new_id
from plein.erasure import ledger
from plein.erasure.actions import replay
from plein.erasure.models import Erasure
from plein.erasure.tests.planting import EMAIL, plant
from plein.erasure.tests.test_erasing import left_of
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge
from plein.testing.home import ROOT
from plein.trust.models import User, Workspace
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_list_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"


def test_whom_the_list_names_is_erased_again_and_stays_silent(cast: Cast, test_database: TestDatabase) -> None:
    planted = plant(cast.alice)
    with entered(cast.alice):
        workspace = Workspace.objects.get(id=cast.here).public_id
    line = ledger.line_of(workspace, [planted.person], {("email", "0" * 64)})
    elsewhere = ledger.line_of(new_id(), [planted.friend], ())

    for _time in range(2):
        with entered(cast.alice) as actor:
            replay(actor=actor, lines=[line, elsewhere])

    assert left_of(planted.markers, test_database) == {}
    with entered(cast.alice):
        assert Relation.objects.filter(id=planted.friend).exists()
        assert never_contact([EMAIL]) == {}
        assert Erasure.objects.filter(done_at__isnull=True).count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM consent_never_contact WHERE digest = %s", ["0" * 64])
            assert cursor.fetchone() == (1,)


def test_a_line_that_was_cut_off_says_nothing_and_is_not_continued() -> None:
    whole = ledger.line_of(new_id(), [new_id()], ())
    ledger.append(whole)
    with ledger.path().open("a") as file:
        file.write(ledger.line_of(new_id(), [new_id()], ()).text()[:40])
    after = ledger.line_of(new_id(), [new_id()], ())

    ledger.append(after)
    ledger.append(after)

    assert ledger.read(ledger.path()) == [whole, after]


@pytest.mark.parametrize("text", ["hello\n", '{"v":2}\n', '{"v":1,"workspace":"x","key":"","people":[],"never":[]}\n'])
def test_what_is_no_list_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "list.jsonl"
    file.write_text(text)

    with pytest.raises(CommandTrouble, match="is not one of a list of erasures. Nothing was changed here"):
        read_list(file)


def test_killed_at_any_time_it_ends_the_same(alice: User, test_database: TestDatabase, judge: Judge) -> None:
    planted = plant(alice)
    home = {"DATABASE_URL": test_database.url(), "PLEIN_POOL": "0"}
    kills = 0
    for after in (0.6, 0.9, 1.2, 1.5, 1.8):
        running = subprocess.Popen(
            [sys.executable, "-m", "plein.cli.main", "erase", str(planted.person)],
            env=os.environ | home,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(after)
        kills += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()

    # The last one is left alone; it may find that the one before had done the rows.
    ended = subprocess.run(
        [sys.executable, "-m", "plein.cli.main", "erase", str(planted.person)],
        env=os.environ | home,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    left = left_of(planted.markers, test_database)
    judge("erasure: markers left after kill -9", goal="0 of >= 50", measured=f"{len(left)} of {len(planted.markers)}",
          is_good=not left)  # fmt: skip
    assert left == {}
    assert kills > 0
    assert ended.returncode == 0, ended.stderr
    with entered(alice):
        assert [one.done_at is None for one in Erasure.objects.all()] == [False]
