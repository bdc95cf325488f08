# SPDX-License-Identifier: AGPL-3.0-or-later
"""The groups by which one chooses whom to see: an organization, or a team of ours."""

from uuid import UUID

from django.http import Http404

from plein.relations.models import Relation
from plein.trust.models import Team


def group_of(wanted: UUID) -> Relation | Team:
    """An organization or a team of ours by its id; raises Http404."""
    found = Relation.objects.filter(id=wanted, kind="organization").first() or Team.objects.filter(id=wanted).first()
    if found is None:
        raise Http404
    group: Relation | Team = found
    return group
