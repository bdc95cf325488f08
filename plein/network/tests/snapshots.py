# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of the snapshot share: a folder of its own, and whether a reader is told from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings

from plein.network.queries import degrees
from plein.network.queries.following import this_moment
from plein.network.snapshot import sight as sights
from plein.network.snapshot.sight import Sight, database_alone


@pytest.fixture
def snapshots(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of its own, and nothing remembered of the test before."""
    settings.PLEIN_SNAPSHOTS = tmp_path / "snapshots"
    settings.PLEIN_SNAPSHOT_FROM = 1
    sights.forget_all()
    return tmp_path / "snapshots"


def seen() -> Sight | None:
    """The snapshot from which the reader in force is told, if they are."""
    return sights.sight(this_moment())


def both_ways(ask: Callable[[], Any]) -> tuple[Any, Any]:
    """The answer with the snapshot, and that of the database alone."""
    told = ask()
    with database_alone():
        return told, ask()


def known_by(of: UUID) -> set[UUID]:
    """Whom somebody knows, as a snapshot tells it; it must be what the database says."""
    assert seen() is not None
    told, alone = both_ways(lambda: set(degrees(of, depth=2)[0].ids))
    assert told == alone
    found: set[UUID] = told
    return found
