# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is there already that the people of a batch may share: contact points and tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.core.isolation import workspace_id
from plein.imports.wanted import Point, Wanted
from plein.moments.intake.rows import fetch
from plein.relations.actions.filing import find_tag
from plein.relations.names import tidy
from plein.trust.circles import everyone

#: People of a batch, each with their id and their circle.
type Those = Sequence[tuple[UUID, int, Wanted]]
_POINTS = """
    SELECT p.kind, p.network, p.value, p.circle_id, p.id FROM relations_contact_point p
     WHERE p.workspace_id = %s AND p.kind = ANY(%s) AND p.value = ANY(%s) AND p.circle_id = ANY(%s)
     ORDER BY p.id DESC
"""


@dataclass(frozen=True, slots=True)
class Present:
    """What is there already that newcomers may share: contact points by circle and key, tags by circle and name."""

    points: Mapping[tuple[int, str, str, str], UUID]
    tags: Mapping[tuple[int, str], UUID]


def contact_points_of(wanted: Sequence[tuple[int, Point]]) -> dict[tuple[int, str, str, str], UUID]:
    """The contact points that are there already, by circle and key."""
    if not wanted:
        return {}
    circles = {circle for circle, _point in wanted}
    kinds = list({point.contact.kind for _circle, point in wanted})
    values = list({point.contact.value for _circle, point in wanted})
    asked = [workspace_id(), kinds, values, [*circles, everyone()]]
    return {(circle, kind, network, value): found for kind, network, value, circle, found in fetch(_POINTS, asked)}


def tags_of(those: Those) -> dict[tuple[int, str], UUID]:
    """The tags that these are filed under, by circle and folded name; they are made where there are none yet."""
    tags: dict[tuple[int, str], UUID] = {}
    for _one_id, circle, one in those:
        for name in filter(None, map(tidy, one.tags)):
            place = (circle, name.casefold())
            tags[place] = tags.get(place) or find_tag(name[:60], circle).id
    return tags
