# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stylesheets, scripts and translations as a running Plein has them, made once for all test processes."""

import fcntl
from collections.abc import Iterator
from typing import Any

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

from plein.cli import preparation
from plein.operate.places import places, private_folder
from plein.testing.home import CACHE


@pytest.fixture(scope="session", autouse=True)
def collected_files() -> Iterator[None]:
    """Lets this process's data folder share the files collected from the present sources."""
    here = places()
    here.create()
    folder = CACHE / "static" / preparation.static_fingerprint()
    private_folder(folder)
    (here.run / "static").symlink_to(folder)
    mark = here.run / preparation.STATIC_MARK
    with (CACHE / "static.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        complete = folder.with_name(f"{folder.name}.complete")
        if complete.exists():
            mark.write_text(folder.name)
        preparation.prepare_files(lambda text: None)
        complete.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "update_files_dictionary", _looked_at_once())
        yield


def _looked_at_once() -> Any:
    """Finds the files for the middleware once; each of the thousands of clients would look at every file anew."""
    look = WhiteNoiseMiddleware.update_files_dictionary
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self: WhiteNoiseMiddleware, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look(self, root, prefix)
            found[root, prefix] = dict(self.files)
        self.files.update(found[root, prefix])

    return add
