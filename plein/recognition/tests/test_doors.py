# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors of recognition: REST and the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.cli.main import main
from plein.testing.cast import Cast

__all__ = ["calling"]
TEXT = (
    "Anne de Wit van Bakkerij Jansen is boos: dit is al de derde verkeerde levering, waardeloze service. "
    "Kunt u mij vandaag nog bellen?"
)


@pytest.mark.django_db
def test_a_text_is_told_by_rest(cast: Cast, calling: Calling) -> None:
    told = calling(cast.bob).write("POST", "/recognise", {"text": TEXT, "channel": "mail"})
    assert told["labels"]["complaint"] > 0.5
    assert told["language"] == "nl"
    assert told["sentiment"] == "negative"
    assert {"type": "person", "start": 0, "end": 11, "text": "Anne de Wit"} in told["entities"]
    assert told["reasons"]["complaint"]


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "a" * 60_000}, {"text": "a", "tier": "best"}])
def test_what_cannot_be_read_is_said(cast: Cast, calling: Calling, body: dict[str, Any]) -> None:
    answer = calling(cast.bob).send("POST", "/recognise", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_file_is_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(
        f"{json.dumps({'id': 'a', 'text': TEXT})}\nno json\n{json.dumps({'id': 'b', 'text': 'Akkoord.'})}\n"
    )
    assert main(["recognise", str(file), "--json"]) == 1
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["labels"]["complaint"] > 0.5
    assert rows[0]["relevance"] == "business"
    assert "Line 2" in said.err


def test_a_file_is_told_without_setting_up_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"text": "Kunt u mij terugbellen?"}\n')
    begin = f"from plein.cli.main import main; assert main(['recognise', {str(file)!r}, '--tier', 'light']) == 0"
    end = "from django.apps import apps; assert not apps.ready, 'what takes a second was not needed'"

    done = subprocess.run([sys.executable, "-c", f"{begin}; {end}"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "request" in done.stdout


def test_gold_rows_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gold.jsonl"
    rows = [
        {"text": "Kent iemand een goede notaris?", "labels": ["introduction_request", "business"], "language": "nl"},
        {"text": "We won't be renewing our contract.", "labels": ["churn_threat", "business"], "language": "en"},
        {
            "text": TEXT,
            "labels": ["complaint", "request", "business"],
            "language": "nl",
            "sentiment": "negative",
            "urgency": 2,
            "entities": [{"type": "person", "start": 0, "end": 11, "text": "Anne de Wit"}],
        },
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["models", "evaluate", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["messages"] == 3
    assert told["labels"]["nl"]["introduction_request"]["recall"] == 1
    assert told["labels"]["en"]["churn_threat"]["f1"] == 1
    assert told["language"] == 1
    assert told["mentions"]["person"]["recall"] == 1


def test_rows_that_are_no_gold_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"text": "x", "labels": ["anger"]}\n')
    assert main(["models", "evaluate", str(file)]) == 1
    assert "anger" in capsys.readouterr().err


def test_the_card_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "card"]) == 0
    assert "What is weak" in capsys.readouterr().out
