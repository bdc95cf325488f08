# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import documents`: a folder of invoices and statements, as a user brings it in."""

import json
import os
from pathlib import Path

import pytest

from plein.cli.main import main
from plein.documents.tests.test_invoices import CII
from plein.documents.tests.test_statements import GERMAN
from plein.moments.models import Moment
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_folder_comes_in_once_and_a_dry_run_writes_nothing(
    test_database: TestDatabase,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    for name, data in (("a.xml", CII), ("b.sta", GERMAN), ("c.txt", b"Dag")):
        (tmp_path / name).write_bytes(data)
    words = ["import", "documents", str(tmp_path), "--as", "bob@plein.example", "--json"]

    told = []
    for more in (["--dry-run"], [], ["--we", "sent"], ["--we", "sent"]):
        assert main([*words, *more]) == 0
        told.append(json.loads(capsys.readouterr().out))
        with entered(cast.bob):
            told[-1]["moments"] = Moment.objects.count()

    figures = [tuple(one[name] for name in ("new", "doubtful", "same", "skipped", "moments")) for one in told]
    # Neither side of the invoice is known to be us, until somebody says which.
    assert figures == [(1, 0, 0, 2, 0), (1, 0, 0, 2, 1), (0, 1, 1, 1, 2), (0, 0, 2, 1, 2)]
    assert [one["becomes"] for one in told[2]["documents"]] == ["doubtful", "same", "skipped"]
    assert main(["import", "documents", str(tmp_path / "nothing")]) == 1
