# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from plein.channels.models import MailImport

#: What tells only how far an import is.
PROGRESS = ("messages", "stage", "undo", "unreadable")


def told_of(planned: MailImport, seat_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an import tells this reader of what is in it and of what came of it.

    To who brought it all; to others how far it is, because how many copies or known addresses were met counts messages
    and people that they may not know of.
    """
    if planned.seat_id == seat_id:
        return planned.preview, planned.counts
    preview, counts = planned.preview, planned.counts
    return (
        {name: preview[name] for name in PROGRESS if name in preview},
        {name: counts[name] for name in PROGRESS if name in counts},
    )
