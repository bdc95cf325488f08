# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recycle bin: what was removed in the last thirty days, and can come back with all that belonged to it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from plein.core.ids import now
from plein.core.models import Change, Operation
from plein.core.operations import UNDO_DAYS, RemovedRecord, recycle_bin
from plein.moments.vocabulary import MomentKind
from plein.trust.seats import seat_of
from plein.web.acts import may_turn_back, names_of_seats

MOST = 200
TABLES = {"relations_relation": "name", "moments_moment": "kind", "moments_todo": "title"}
KINDS = {
    "relations_relation": (_("Relation"), "user-circle"),
    "moments_moment": (_("Contact moment"), "message"),
    "moments_todo": (_("To-do"), "checkbox"),
}


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing in the bin, ready to show."""

    name: str
    kind: str
    icon: str
    who: str
    at: datetime
    days_left: int
    operation_id: UUID
    together: int
    may_restore: bool


def _titles(removed: list[RemovedRecord]) -> dict[UUID, str]:
    """The subjects of removed moments, which were removed along with them."""
    moments = [one.row_id for one in removed if one.table == "moments_moment"]
    if not moments:
        return {}
    changes = Change.objects.filter(about_id__in=moments, table_name="moments_subject", kind="D").order_by("id")
    return {change.about_id: str((change.before or {}).get("title") or "") for change in changes}


def _name(one: RemovedRecord, titles: dict[UUID, str]) -> str:
    if one.table != "moments_moment":
        return one.name
    kind = str(dict(MomentKind.choices).get(one.name, one.name)).capitalize()
    return titles.get(one.row_id) or kind


@require_safe
def recycle(request: HttpRequest) -> HttpResponse:
    """What was removed, newest first."""
    actor = seat_of(request)
    found = recycle_bin(TABLES, limit=MOST)
    titles = _titles(found)
    who = names_of_seats({one.seat_id for one in found})
    together = Counter(one.operation_id for one in found)
    operations = Operation.objects.in_bulk(list(together))
    end = now() - timedelta(days=UNDO_DAYS)
    things = [
        Removed(
            name=_name(one, titles),
            kind=str(KINDS[one.table][0]),
            icon=KINDS[one.table][1],
            who=who.get(one.seat_id, "") if one.seat_id else "",
            at=one.at,
            days_left=max(0, (one.at - end).days),
            operation_id=one.operation_id,
            together=together[one.operation_id] - 1,
            may_restore=one.operation_id in operations and may_turn_back(actor, operations[one.operation_id]),
        )
        for one in found
    ]
    return render(request, "web/bin.html", {"things": things, "is_full": len(found) == MOST})
