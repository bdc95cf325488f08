# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a list of all people takes to become a file, and whether the memory it needs stays the same."""

import json
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

from bench.mailbox import Watched
from bench.server import ROOT, BenchTrouble, Filled, Running, free_port, plein
from bench.table import Row, below

GOAL, MORE_MEMORY = 20.0, 30.0
#: Few enough to be read at once.
FEW = "name:starts:dijk"


def _exported(made: Filled, email: str, file: Path, *words: str) -> tuple[dict[str, Any], float]:
    """What the command says of the file it made, and the most memory it held, in megabytes."""
    command = plein("export", "person", str(file), "--user", email, "--json", *words)
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, env=made.home.environment(free_port()), cwd=ROOT, stdout=said, stderr=subprocess.DEVNULL
        )
        watched = Watched(process.pid)
        watching = threading.Thread(target=watched.watch)
        watching.start()
        code = process.wait()
        watched.is_over = True
        watching.join()
        if code:
            raise BenchTrouble(f"`{' '.join(command[2:4])}` ended with {code}")
        said.seek(0)
        found: dict[str, Any] = json.loads(said.read())
        return found, watched.peak


def exported(made: Filled, running: Running, command: str) -> list[Row]:
    """All people as CSV and as a spreadsheet, with the columns the list usually has."""
    rows: list[Row] = []
    email = running.way_in["email"]
    with tempfile.TemporaryDirectory() as folder:
        for format, words in (("csv", "CSV"), ("xlsx", "a spreadsheet")):
            file = Path(folder) / f"people.{format}"
            _few, usual = _exported(made, email, file, "--format", format, "--filter", FEW)
            found, peak = _exported(made, email, file, "--format", format)
            size = found["bytes"] / 1e6
            text = f"List of {found['rows']:,} people as {words} ({size:.0f} MB)"
            rows.append(below(text, found["seconds"], GOAL, "s", command))
            rows.append(
                below(f"More memory than for a few, {words}", max(0.0, peak - usual), MORE_MEMORY, "MB", command)
            )
    return rows
