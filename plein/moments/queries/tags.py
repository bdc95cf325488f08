# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.moments.models import MomentTagging
from plein.relations.models import Tag


def tags_of_moment(moment_id: UUID) -> list[Tag]:
    """The tags a moment is filed under, by name."""
    found = MomentTagging.objects.filter(moment_id=moment_id).select_related("tag").order_by("tag__name")
    return [tagging.tag for tagging in found]
