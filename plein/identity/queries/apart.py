# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was said not to be whom."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

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


def told_apart(parts: Parts, people: Collection[UUID]) -> frozenset[UUID]:
    """Who of these was said not to be the one whom this profile is of; one query."""
    if not people:
        return frozenset()
    values = [*parts.emails, *parts.phones]
    found = Apart.objects.filter(relation_id__in=people)
    found = found.filter(Q(key__in=apart_keys(parts)) | Q(contact_point__value__in=values))
    return frozenset(found.values_list("relation_id", flat=True))


def pairs_apart(people: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Which of these were said not to be one another, the lower id first."""
    found = Apart.objects.filter(relation_id__in=people, other_id__in=people).values_list("relation_id", "other_id")
    return frozenset((one, other) for one, other in found)
