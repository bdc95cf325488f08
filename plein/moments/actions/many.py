# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done to many moments at once, each in a few statements.

As in `plein/relations/actions/bulk.py` they get ids that the actor sees, and run inside the one operation of the whole.
"""

from typing import Any
from uuid import UUID

from plein.core.audit import audit
from plein.core.operations import operation
from plein.lists.outcomes import Outcome
from plein.moments.actions.outgoing import still_leaving
from plein.moments.models import Moment, MomentTagging
from plein.relations.actions.bulk import tags_for_many
from plein.trust.circles import circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def tag_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """File many moments under a tag; what is filed under it already stays so."""
    permit(actor, "write")
    with operation("tag_moments", count=len(ids)):
        count = 0
        for filed_under, some in tags_for_many(values["name"], Moment.objects.filter(id__in=ids)):
            present = set(
                MomentTagging.objects.filter(tag=filed_under, moment_id__in=some).values_list("moment_id", flat=True)
            )
            missing = [one for one in some if one not in present]
            MomentTagging.objects.bulk_create([MomentTagging(moment_id=one, tag=filed_under) for one in missing])
            count += len(missing)
    return Outcome(count)


def untag_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Take a tag off many moments."""
    permit(actor, "write")
    with operation("untag_moments", count=len(ids)):
        filed = MomentTagging.objects.filter(tag_id=values["tag"], moment_id__in=ids)
        count = filed.count()
        filed.delete()
    return Outcome(count)


def move_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Choose who may see many moments; their subjects, texts, participants and files move along."""
    permit(actor, "write")
    with operation("move_moments", count=len(ids)):
        circle = circle_for(values["circle"])
        count = Moment.objects.filter(id__in=ids).exclude(circle_id=circle).update(circle_id=circle)
    return Outcome(count)


def delete_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Move many moments to the recycle bin; mail that has not left yet stays, and is named."""
    del values
    permit(actor, "delete")
    with operation("delete_moments", count=len(ids)):
        leaving = still_leaving(ids)
        gone = [one for one in ids if one not in leaving]
        audit("delete", kind="moment", about=gone)
        Moment.objects.filter(id__in=gone).delete()
    return Outcome(len(gone), leaving)
