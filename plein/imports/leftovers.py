# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of what did not come in: to be mended, and brought in again."""

import csv
from collections.abc import Iterator, Sequence
from typing import TextIO
from uuid import UUID

from plein.imports.models import ContactImport
from plein.imports.queries import left_out_of
from plein.lists.export.cells import safe


def rows_left_out(done: ContactImport, reader: UUID) -> Iterator[list[str]]:
    """The rows as they stood, each with its number and the reason; the first one names the columns."""
    head: Sequence[str] = done.head or ["name"]
    yield [safe(one) for one in [*head, "line", "why"]]
    for one in left_out_of(done, reader).iterator(chunk_size=1_000):
        cells = (list(one.cells) + [""] * len(head))[: len(head)]
        yield [safe(str(cell)) for cell in [*cells, one.number, one.reason]]


def write_left_out(done: ContactImport, reader: UUID, file: TextIO) -> None:
    """Write them as CSV."""
    csv.writer(file).writerows(rows_left_out(done, reader))
