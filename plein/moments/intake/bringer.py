# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who brings messages in: an import of mail, an archive or a live connection, and on which terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from plein.channels.base import Unreadable
from plein.moments.queries.sharing import Rules


@dataclass(frozen=True, slots=True)
class Bringer:
    """Where messages come from and for whom they are.

    `id` is that of the import or the connection: copies, proposals and questions are kept under it. `circle_id` is who
    sees the envelopes, `rules` what colleagues get of the rest. `spool` is where the bytes of attachments and of what
    was not understood wait, as files named by their SHA-256. `refuse` keeps what was not understood; the bytes of each
    are stored by then, or its `sha256` is "".
    """

    id: UUID
    circle_id: int
    spool: Path
    rules: Rules
    refuse: Callable[[Sequence[Unreadable]], None]
