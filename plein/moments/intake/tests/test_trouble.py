# SPDX-License-Identifier: AGPL-3.0-or-later
import errno
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from plein.channels.connectors.mail import NotAMailbox, ReaderFailed
from plein.channels.models import ImportState
from plein.moments.intake.tests.mailboxes import again, correspondence, mbox, runner_of, started_by
from plein.moments.intake.trouble import carry_out, is_database_gone, sentence_of
from plein.trust.models import User


def full_disk_of_the_database() -> OperationalError:
    """What Django raises when the database's disk is full."""
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        ReaderFailed("Reading stopped: No space left on device."),
        full_disk_of_the_database(),
    ],
)
def test_a_full_disk_is_called_a_full_disk(error: Exception) -> None:
    sentence = sentence_of(error)
    assert sentence is not None and "disk" in sentence
    assert not is_database_gone(error)


def test_a_database_that_went_away_is_no_fault_of_the_import() -> None:
    assert is_database_gone(OperationalError("server closed the connection unexpectedly"))
    assert sentence_of(NotAMailbox("This is a picture.")) == "This is a picture."
    assert sentence_of(ValueError("odd")) is None


def test_a_store_that_goes_away_half_way_stops_the_import_and_it_goes_on_when_it_is_back(
    alice: User, tmp_path: Path
) -> None:
    store = mbox(tmp_path / "in.mbox", correspondence())
    planned = started_by(alice, store)
    store.rename(tmp_path / "away.mbox")
    carry_out(runner_of(alice, planned), scan_only=False)
    stopped = again(alice, planned)
    assert stopped.state == ImportState.FAILED and stopped.problem.endswith(".")
    assert stopped.counts["people"] == 3 and not stopped.counts.get("imported")
