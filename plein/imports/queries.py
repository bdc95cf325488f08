# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from plein.channels.models import ImportState
from plein.imports.models import ContactImport


def earlier_of(head: Sequence[str], seat_id: UUID) -> ContactImport | None:
    """The latest import of somebody of a table with these very columns: what they held then, they hold again."""
    done = ContactImport.objects.filter(seat_id=seat_id, head=list(head), state=ImportState.DONE)
    return done.exclude(mapping=[]).order_by("-created_at").first()


def unfinished_of(path: Path, seat_id: UUID) -> ContactImport | None:
    """The import of this file that somebody began and that did not come to its end."""
    begun = ContactImport.objects.filter(seat_id=seat_id, path=str(path)).exclude(
        state__in=(ImportState.DONE, ImportState.CANCELLED)
    )
    return begun.order_by("-created_at").first()
