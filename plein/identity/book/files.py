# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a run keeps what it read and made out, until it is over."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings


def file_of(run_id: UUID) -> Path:
    """Where a run keeps what it has; gone once it is over."""
    return Path(settings.PLEIN_BOOKS) / f"{run_id}.duckdb"


def forget_file(run_id: UUID) -> None:
    """Let go of all that a run keeps; of what Spark left when it was killed, too."""
    file_of(run_id).unlink(missing_ok=True)
    shutil.rmtree(folder_of(run_id), ignore_errors=True)


def folder_of(run_id: UUID) -> Path:
    """Where Spark works."""
    return file_of(run_id).with_suffix(".spark")
