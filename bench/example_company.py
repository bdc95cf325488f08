# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long loading and removing the example company takes: `.venv/bin/python -m bench.example_company`."""

import importlib
import os
import resource
import sys
import time
from collections.abc import Callable

from plein.testing import home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")


def timed(what: str, work: Callable[[], None]) -> None:
    """Do it and print wall time, processor time of this process, and its peak memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    took, used = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{what:<30}{took:6.1f} s wall{used:6.1f} s Python{peak:6.0f} MB peak\n")


def main() -> None:
    """Load it into an empty workspace of a database of its own, and remove it."""
    importlib.import_module("django").setup()
    example = importlib.import_module("plein.example.actions")
    trust = importlib.import_module("plein.trust.actions")
    entered = importlib.import_module("plein.trust.seats").entered
    (home.CACHE / "homes").mkdir(parents=True, exist_ok=True)
    with importlib.import_module("plein.testing.database").database_for_tests():
        workspace, email, _link = trust.ensure_first_workspace()
        owner = trust.make_user(email=email, name="")
        timed("example company, loading", lambda: example.load_example(workspace))

        def remove() -> None:
            with entered(owner, workspace.id) as actor:
                example.remove_example(actor=actor)

        timed("example company, removing", remove)


if __name__ == "__main__":
    main()
