# SPDX-License-Identifier: AGPL-3.0-or-later
"""A worker as it should not be: it commits messages first and marks how far it came later.

`--forgetful` also takes away its second guard, looking whether a message is here already. Everything else is the
`plein` command. The trial of killing must find it out.
"""

import importlib
import os
import sys
import time
from typing import Any

import django

NAP = 0.15


def careless(runner: type[Any]) -> type[Any]:
    """The same runner, except that a batch is marked in a transaction of its own."""

    class Careless(runner):  # type: ignore[misc]
        marked = ""

        def _try_batch(self, cursor: str, items: list[Any]) -> Any:
            super()._try_batch(self.marked, items)
            time.sleep(NAP)
            self.marked = cursor
            with self._step():
                return self._save(cursor=cursor)

        def _write_messages(self, planned: Any) -> Any:
            self.marked = planned.cursor
            return super()._write_messages(planned)

    return Careless


def main(words: list[str]) -> int:
    """The `plein` command with a careless worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    django.setup()
    if "--forgetful" in words:
        words.remove("--forgetful")
        batch: Any = importlib.import_module("plein.moments.intake.batch")
        batch._COPIES = batch._COPIES.replace("WHERE ", "WHERE false AND ")
    # Where the command takes its worker from.
    workers: Any = importlib.import_module("plein.moments.archives.runner")
    workers.Runner = careless(workers.Runner)
    code: int = importlib.import_module("plein.cli.main").main(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
