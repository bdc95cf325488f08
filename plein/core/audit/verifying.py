# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a chain from its start to its end and says which line is the first that does not fit.

Nothing of the database is trusted: every seal is made anew here, with the keys that are not in it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from plein.core import chain
from plein.core.audit.heads import Head, heads_in_files
from plein.core.isolation.context import Context, workspace_context
from plein.core.models import AuditEntry, AuditHead

type Reason = Literal["changed", "missing", "cut off", "not sealed", "unknown key", "twice"]

COLUMNS = tuple(name for name in chain.Entry.__dataclass_fields__) + ("seq", "key", "hash")


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first line that does not fit: its place in the chain, and why."""

    seq: int
    reason: Reason
    id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading a chain found: how many lines, from which place on, and whether they fit."""

    workspace_id: int
    lines: int
    start: int
    end: int
    heads: int
    misfit: Misfit | None


def chains() -> Iterator[int]:
    """Every chain there may be: that of no workspace, and one for each workspace that ever was."""
    with workspace_context(Context(workspace_id=None, door="verify")), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('trust_workspace', 'id')), 0)")
        row = cursor.fetchone()
    yield from range(chain.NOWHERE, int(row[0] if row else 0) + 1)


def verify(workspace: int, kept_elsewhere: Iterable[Head] = (), *, newest: int = 0) -> Verdict:
    """Read one chain and compare it with every end of it that was ever kept, here, in files or elsewhere.

    `newest` reads no more than so many lines at its end; what came before is taken to be as the first of them says.
    """
    place = None if workspace == chain.NOWHERE else workspace
    with workspace_context(Context(workspace_id=place, door="verify")):
        heads = [Head.of(row) for row in AuditHead.objects.order_by("seq")]
        outside = [head for head in (*heads_in_files(), *kept_elsewhere) if head.workspace_id == workspace]
        rows = AuditEntry.objects.order_by("seq", "id").values_list(*COLUMNS, named=True)
        reading = _Reading(workspace, heads, outside)
        if newest and (before := AuditEntry.objects.order_by("-seq")[newest : newest + 1].first()) is not None:
            reading.begin_after(before)
            rows = rows.filter(seq__gt=before.seq)
        return reading.verdict(rows.iterator(chunk_size=2000))


class _Reading:
    """One chain, read line by line."""

    def __init__(self, workspace: int, heads: list[Head], outside: list[Head]) -> None:
        self.workspace = workspace
        starts = [head for head in heads if head.kind == "start"]
        self.start = max(starts, key=lambda head: head.seq, default=None)
        self.last = [head for head in heads if head.kind == "last"]
        self.inside, self.outside = heads, outside
        self.seq = self.start.seq if self.start else 0
        self.digest = self.start.digest if self.start else b""
        self.lines, self.first = 0, self.seq
        self.at_seq = {self.seq: self.digest}
        self.wanted = {head.seq for head in (*heads, *outside)}

    def begin_after(self, line: AuditEntry) -> None:
        """Take a line to be as it stands, and read from there on: the next one is sealed to it."""
        self.seq, self.digest = line.seq, bytes(line.hash)
        self.first = line.seq
        self.at_seq[self.seq] = self.digest

    def verdict(self, rows: Iterable[Any]) -> Verdict:
        """Read all of it, or as far as it fits."""
        first = self.seq
        misfit = self._unsealed() or self._first_of(rows) or self._end()
        heads = len(self.inside) + len(self.outside)
        return Verdict(self.workspace, self.lines, first, self.seq, heads, misfit)

    def _unsealed(self) -> Misfit | None:
        for head in (*self.inside, *self.outside):
            if not head.is_sealed():
                return Misfit(head.seq, "not sealed")
        return Misfit(self.last[1].seq, "twice") if len(self.last) > 1 else None

    def _first_of(self, rows: Iterable[Any]) -> Misfit | None:
        keys = chain.keys()
        for row in rows:
            if row.seq != self.seq + 1:
                return Misfit(self.seq + 1, "missing" if row.seq > self.seq else "twice", row.id, row.at)
            key = keys.get(row.key)
            if key is None:
                return Misfit(row.seq, "unknown key", row.id, row.at)
            digest = chain.seal(key, self.digest, chain.canonical(row, row.seq))
            if not compare_digest(digest, bytes(row.hash)) or row.workspace_id != self.workspace:
                return Misfit(row.seq, "changed", row.id, row.at)
            self.seq, self.digest, self.lines = row.seq, digest, self.lines + 1
            if row.seq in self.wanted:
                self.at_seq[row.seq] = digest
        return None

    def _end(self) -> Misfit | None:
        """Whether the chain goes at least as far, through the same lines, as every end of it that was kept."""
        if self.lines and not self.last:
            return Misfit(self.seq, "cut off")
        for head in sorted((*self.inside, *self.outside), key=lambda one: one.seq):
            if head.seq > self.seq:
                return Misfit(self.seq + 1, "cut off")
            if head.seq >= self.first and self.at_seq.get(head.seq) != head.digest:
                return Misfit(head.seq, "changed")
        if self.last and self.last[0].seq != self.seq:
            return Misfit(self.last[0].seq + 1, "not sealed")
        return None


def as_facts(verdict: Verdict) -> dict[str, Any]:
    """A verdict as programs read it."""
    misfit = verdict.misfit
    return {
        "workspace": verdict.workspace_id,
        "lines": verdict.lines,
        "start": verdict.start,
        "end": verdict.end,
        "heads": verdict.heads,
        "fits": misfit is None,
        "first_misfit": None
        if misfit is None
        else {
            "seq": misfit.seq,
            "reason": misfit.reason,
            "id": str(misfit.id) if misfit.id else None,
            "at": misfit.at.isoformat() if misfit.at else None,
        },
    }


def read_heads(text: str) -> list[Head]:
    """Ends of chains that were kept elsewhere, as `plein audit head` printed them, one a line."""
    return [Head.read(json.loads(line)) for line in text.splitlines() if line.strip()]
