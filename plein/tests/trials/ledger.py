# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came of an import against what had to come of it: the judge that every trial of bringing in shares."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from plein.tests.trials.mailbox import Mailbox
from plein.tests.trials.own import OwnPlein

#: Tables whose number of rows says how often something was tried, or what else happened there.
TRIES = {
    "core_operation", "core_change", "core_audit_entry", "core_audit_head", "channels_mail_import", "channels_upload",
    "trust_one_time_link", "network_feed",
}  # fmt: skip
_TABLES = """
    SELECT table_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'workspace_id' ORDER BY 1
"""
_FOUND = """
    SELECT external_id, count(DISTINCT moment_id), count(*) - count(DISTINCT (moment_id, mailbox, folder))
      FROM moments_source WHERE workspace_id = %s GROUP BY 1
"""
_PRINTS = """
    SELECT fingerprint FROM moments_moment WHERE workspace_id = %s AND source = 'mail'
     GROUP BY 1 HAVING count(*) > 1
"""
_HISTORY = """
    SELECT table_name, count(*), count(DISTINCT row_id) FROM core_change
     WHERE workspace_id = %s AND kind = 'I' GROUP BY 1
"""


@dataclass(frozen=True)
class Account:
    """The judgement."""

    lost: frozenset[str]
    twice: frozenset[str]
    strange: frozenset[str]
    rows: dict[str, int] = field(repr=False)
    files: frozenset[str] = field(repr=False)
    broken_files: frozenset[str] = frozenset()

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, invented or half kept."""
        return not (self.lost or self.twice or self.strange or self.broken_files)

    def differences(self, other: "Account") -> dict[str, tuple[int, int]]:
        """Where two workspaces that got the same do not hold as much."""
        names = self.rows.keys() | other.rows.keys()
        pairs = {name: (self.rows.get(name, 0), other.rows.get(name, 0)) for name in names}
        pairs["files"] = (len(self.files), len(other.files))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def account(plein: OwnPlein, workspace: int, mailbox: Mailbox) -> Account:
    """Judge what stands in a workspace."""
    found = {name: (moments, doubles) for name, moments, doubles in plein.ask(_FOUND, workspace)}
    twice = {name for name, (moments, doubles) in found.items() if moments > 1 or doubles}
    twice |= {f"fingerprint {row[0]}" for row in plein.ask(_PRINTS, workspace)}
    rows = Counter[str]()
    for (table,) in plein.ask(_TABLES):
        if table not in TRIES:
            rows[table] = plein.ask(f"SELECT count(*) FROM {table} WHERE workspace_id = %s", workspace)[0][0]
    for table, changes, records in plein.ask(_HISTORY, workspace):
        rows[f"history of {table}"] = changes
        if changes != records:
            twice.add(f"history of {table}")
    files = _files(plein.places.files / str(workspace))
    wanted = {row[0] for row in plein.ask("SELECT sha256 FROM moments_attachment WHERE workspace_id = %s", workspace)}
    good = {path.name for path in files if hashlib.sha256(path.read_bytes()).hexdigest() == path.name}
    return Account(
        lost=frozenset(mailbox.ids - found.keys()),
        twice=frozenset(twice),
        strange=frozenset(found.keys() - mailbox.ids),
        rows=dict(rows),
        files=frozenset(good),
        broken_files=frozenset({str(path) for path in files if path.name not in good} | (wanted ^ good)),
    )


def _files(folder: Path) -> list[Path]:
    """Every file that is kept, and every one that should not be there any more."""
    return [path for path in folder.rglob("*") if path.is_file()]
