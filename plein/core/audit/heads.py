# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ends of chains, sealed and kept: in the database, in a file beside it, and wherever somebody takes them.

A chain whose last lines were cut off fits in itself; only who kept its end sees that something is gone.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from plein.core import chain
from plein.core.ids import new_id, now
from plein.core.isolation.context import Context, workspace_context
from plein.core.models import AuditHead


@dataclass(frozen=True, slots=True)
class Head:
    """The end that a chain had at a moment, and the seal that says so."""

    workspace_id: int
    kind: str
    seq: int
    digest: bytes
    key: str
    seal: bytes
    at: datetime

    @classmethod
    def of(cls, row: AuditHead) -> "Head":
        """An end as it stands in the database."""
        return cls(row.workspace_id, row.kind, row.seq, bytes(row.hash), row.key, bytes(row.seal), row.at)

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "Head":
        """An end as `as_facts` wrote it; raises ValueError or KeyError for anything else."""
        return cls(
            int(facts["workspace"]),
            "day",
            int(facts["seq"]),
            bytes.fromhex(facts["hash"]),
            str(facts["key"]),
            bytes.fromhex(facts["seal"]),
            datetime.fromisoformat(facts["at"]),
        )

    def as_facts(self) -> dict[str, Any]:
        """An end to be kept elsewhere."""
        return {
            "workspace": self.workspace_id,
            "seq": self.seq,
            "hash": self.digest.hex(),
            "key": self.key,
            "seal": self.seal.hex(),
            "at": self.at.isoformat(),
        }

    def is_sealed(self) -> bool:
        """Whether somebody with one of our keys said so."""
        key = chain.keys().get(self.key)
        if key is None:
            return False
        return compare_digest(self.seal, chain.head_seal(key, self.kind, self.workspace_id, self.seq, self.digest))


def file_of_heads() -> Path:
    """Where the ends of every day are kept outside the database."""
    return Path(settings.PLEIN_AUDIT_HEADS)


def heads_in_files() -> list[Head]:
    """The ends that were kept outside the database."""
    path = file_of_heads()
    if not path.is_file():
        return []
    return [Head.read(json.loads(line)) for line in path.read_text().splitlines() if line.strip()]


def keep_head(workspace: int) -> Head | None:
    """Seal the end of a chain as it is now, in the database and in the file; None when it did not grow since."""
    place = None if workspace == chain.NOWHERE else workspace
    with workspace_context(Context(workspace_id=place, door="audit")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM plein_audit_head()")
        _place, seq, digest = cursor.fetchone() or (0, 0, b"")
        if seq == 0 or AuditHead.objects.filter(kind__in=("day", "start"), seq=seq).exists():
            return None
        name, key = chain.present_key()
        seal = chain.head_seal(key, "day", workspace, seq, bytes(digest))
        cursor.execute("SELECT plein_audit_keep(%s, %s, %s, %s, %s)", [new_id(), seq, bytes(digest), name, seal])
    head = Head(workspace, "day", seq, bytes(digest), name, seal, now())
    with file_of_heads().open("a") as file:
        file.write(json.dumps(head.as_facts()) + "\n")
    return head
