# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.models import Moment, MomentTagging
from plein.relations.actions.filing import find_tag
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def tag_moment(*, actor: Entrance, moment: Moment, name: str) -> MomentTagging:
    """File a moment under a tag, one of those that relations are filed under too."""
    permit(actor, "write")
    with operation("tag_moment"):
        filed_under = find_tag(name, moment.circle_id)
        present = MomentTagging.objects.filter(moment=moment, tag=filed_under).first()
        saved: MomentTagging = present or MomentTagging.objects.create(moment=moment, tag=filed_under)
        return saved


def untag_moment(*, actor: Entrance, moment: Moment, tag_id: UUID) -> Operation:
    """Take a tag off a moment."""
    permit(actor, "write")
    with operation("untag_moment") as done:
        MomentTagging.objects.filter(moment=moment, tag_id=tag_id).delete()
    return done
