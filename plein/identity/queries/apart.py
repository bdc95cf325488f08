# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was said not to be whom."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from plein.identity.models import Apart
from plein.identity.profiles import Parts


def apart_keys(parts: Parts) -> list[str]:
    """What of a profile is told apart from somebody: its addresses; without any, all that was heard together."""
    keys = [f"e {one}" for one in parts.emails] + [f"p {one}" for one in parts.phones]
    keys += [f"h {one.name} {one.network}" for one in parts.handles]
    if keys:
        return keys
    heard = "|".join(
        [*(one.full for one in parts.names), *parts.organizations, parts.place, *parts.postcodes, str(parts.born or "")]
    )
    return [f"= {heard}"[:500]]


def pairs_apart(people: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Which of these were said not to be one another, the lower id first."""
    found = Apart.objects.filter(relation_id__in=people, other_id__in=people).values_list("relation_id", "other_id")
    return frozenset((one, other) for one, other in found)


def apart_of(relation_id: UUID) -> QuerySet[Apart]:
    """Who somebody was said not to be, either way round, latest first."""
    found: QuerySet[Apart] = Apart.objects.filter(Q(relation_id=relation_id) | Q(other_id=relation_id))
    return found.order_by("-decided_at", "id")
