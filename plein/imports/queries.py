# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from plein.channels.models import ImportState
from plein.core.ids import now
from plein.core.models import Operation
from plein.imports.models import ContactImport, Foreseen, LeftOut
from plein.relations.models import Relation

#: After this long without a sign of life a worker is taken for dead.
SILENCE = timedelta(seconds=60)
ON_A_PAGE = 50


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


def looks_of(planned: Sequence[ContactImport]) -> list[str]:
    """Which of the faces of its page fits each import."""
    operations = [one.operation_id for one in planned if one.finished_at is not None and one.operation_id]
    turned = Operation.objects.filter(id__in=operations, undone_by__isnull=False) if operations else ()
    undone = {one.id for one in turned}
    return [_look(one, is_undone=one.operation_id in undone) for one in planned]


def _look(planned: ContactImport, *, is_undone: bool) -> str:
    if is_undone:
        return "undone"
    if planned.counts.get("undo") == "busy":
        return "undoing"
    if planned.state == ImportState.PREVIEW:
        return "preview" if planned.foreseen else "choose"
    if planned.state == ImportState.RUNNING and planned.lease_until and planned.lease_until < now() - SILENCE:
        return "silent"
    return str(planned.state)


def foreseen_of(planned: ContactImport, seat_id: UUID, *, what: str, after: int) -> list[Foreseen]:
    """What would become of the entries after this number, for who brings them; one more than fits on a page."""
    if not is_told(planned, seat_id):
        return []
    found = Foreseen.objects.filter(contact_import=planned, number__gt=after)
    if what:
        found = found.filter(what=what)
    return list(found.order_by("number")[: ON_A_PAGE + 1])


def still_seen(foreseen: Sequence[Foreseen]) -> list[Relation]:
    """Those whom entries may be, as far as the reader sees them."""
    ids = {UUID(key) for one in foreseen for key, _name in one.who}
    return list(Relation.objects.filter(id__in=ids)) if ids else []


def is_told(planned: ContactImport, seat_id: UUID) -> bool:
    """Whether this reader hears what became of the entries, and which did not come in.

    Only who brought it does: how many changed somebody, or were somebody already, counts people that others in its
    circle may not know of.
    """
    return planned.seat_id == seat_id


def left_out_of(planned: ContactImport, seat_id: UUID) -> QuerySet[LeftOut]:
    """What did not come in, in the order of the file, as far as this reader hears of it."""
    found = LeftOut.objects.filter(contact_import=planned) if is_told(planned, seat_id) else LeftOut.objects.none()
    return found.order_by("number", "id")
