# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a backup of everything takes, and putting it back; the command itself compares every row."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench.server import CACHE, Filled, plein
from bench.table import Row


def _asked(home: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        plein(*words, "--json"), env=os.environ | {"PLEIN_HOME": str(home)}, check=True, stdout=subprocess.PIPE
    )
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def backed_up(made: Filled, command: str) -> list[Row]:
    """A backup of the measured data, and the same restored into an empty Plein."""
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        target, other = Path(folder) / "plein.backup", Path(folder) / "home"
        written = _asked(made.home.folder, "backup", str(target))
        restored = _asked(other, "restore", str(target), "--key", str(made.home.folder / "secret.key"))
        shutil.rmtree(other)
    words = f"{written['rows']:,} rows"
    return [
        Row(f"Backup, {words}", f"{written['seconds'] / 60:.1f} min", command),
        Row("Backup, size", f"{written['bytes'] / 1e9:.2f} GB", command),
        Row("Restore, every row equal", f"{restored['seconds'] / 60:.1f} min", command, "equal", restored["equal"]),
    ]
