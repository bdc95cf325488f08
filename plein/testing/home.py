# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PLEIN_HOME of its own for every test process.

A pytest plugin that pyproject.toml loads first (`-p plein.testing.home`), because settings read the environment once.
"""

import atexit
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "test"


def _own_home() -> None:
    """Gives this process a data folder and nobody else's database."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PLEIN_DEMO", "PLEIN_URL", "PLEIN_PORT"):
        os.environ.pop(name, None)
    home = CACHE / "homes" / str(os.getpid())
    os.environ["PLEIN_HOME"] = str(home)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # Playwright's loop runs in the thread of the tests, where Django would refuse to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def _compile_once() -> None:
    """Lets the first process that imports a module keep what it compiled: tests start hundreds of processes."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


_own_home()
_compile_once()
