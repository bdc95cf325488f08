# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import Places

CAREFREE = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def home(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def cluster(home: Places) -> Cluster:
    """A database of the test's own, not yet made."""
    made = cluster_of(home)
    made.extra = CAREFREE
    return made


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)
