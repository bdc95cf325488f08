# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who stands between groups, and which ties are the only way: what the last night found, as far as it still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from plein.network.models import Bridge, Census, Group, Influence
from plein.network.queries.following import Way, this_moment
from plein.network.queries.influence import Stands, askable, standing_of
from plein.network.queries.reaching import ask
from plein.relations.models import Relation

#: So many are looked at, those first who stand between most.
LOOKED_AT = 1000
#: Groups one may choose among: the largest.
CHOSEN = 60
_HELD = """
    SELECT p.place::int - 1 FROM unnest(%(near)s::uuid[], %(far)s::uuid[]) WITH ORDINALITY p (near, far, place)
     WHERE EXISTS (SELECT FROM network_half h
                    WHERE {h} AND h.near_id = p.near AND h.far_id = p.far AND h.to_person AND @conditions@)
       AND EXISTS (SELECT FROM network_half h
                    WHERE {h} AND h.near_id = p.far AND h.far_id = p.near AND h.to_person AND @conditions@)
     ORDER BY p.place
"""


@dataclass(frozen=True, slots=True)
class Connectors:
    """Who connects groups: how many, some of them, and nothing of a network that was not looked at yet."""

    census: Census | None
    count: int = 0
    people: tuple[Stands, ...] = ()


@dataclass(frozen=True, slots=True)
class OnlyTie:
    """A tie that is the only way from one to the other, behind whom so many are."""

    near: Relation
    far: Relation
    beyond: int


@dataclass(frozen=True, slots=True)
class OnlyTies:
    """Ties that are the only way: how many, and some of them."""

    census: Census | None
    count: int = 0
    ties: tuple[OnlyTie, ...] = ()


def groups_to_choose() -> list[Group]:
    """The largest groups; a query."""
    return list(Group.objects.order_by("number")[:CHOSEN])


def connecting(rows: QuerySet[Influence] | None = None) -> list[UUID]:
    """Who connects groups and may be asked, those on most ways first; two queries."""
    rows = Influence.objects.all() if rows is None else rows
    rows = rows.filter(between__gt=0).exclude(joins=[]).order_by("between_place")
    ids = list(rows.values_list("person_id", flat=True)[:LOOKED_AT])
    open_ones = askable(ids) if ids else set()
    return [one for one in ids if one in open_ones]


def connectors(*, group: int | None = None, limit: int = 50, offset: int = 0) -> Connectors:
    """Who knows several people in groups beside their own, those on most ways first; of one group, or of all."""
    census = Census.objects.first()
    if census is None:
        return Connectors(None)
    rows = Influence.objects.all()
    if group is not None:
        rows = rows.filter(Q(group_number=group) | Q(joins__contains=[group]))
    ids = connecting(rows)
    shown = ids[offset : offset + limit]
    found = Influence.objects.filter(person_id__in=shown).select_related("person").order_by("between_place")
    return Connectors(census, len(ids), standing_of(list(found)) if shown else ())


def only_ties(*, group: int | None = None, limit: int = 50, offset: int = 0) -> OnlyTies:
    """Ties that the reader sees and that were the only way last night, those that cut off most first."""
    census = Census.objects.first()
    if census is None:
        return OnlyTies(None)
    rows = Bridge.objects.all()
    if group is not None:
        members = Influence.objects.filter(group_number=group).values("person_id")
        rows = rows.filter(Q(near_id__in=members) | Q(far_id__in=members))
    pairs = list(rows.order_by("place").values_list("near_id", "far_id", "beyond"))
    held = _held([(near, far) for near, far, _beyond in pairs])
    found = [pairs[place] for place in held]
    shown = found[offset : offset + limit]
    people = Relation.objects.in_bulk({one for near, far, _beyond in shown for one in (near, far)}) if shown else {}
    ties = [OnlyTie(people[near], people[far], beyond) for near, far, beyond in shown if {near, far} <= people.keys()]
    return OnlyTies(census, len(found), tuple(ties))


def _held(pairs: Sequence[tuple[UUID, UUID]]) -> list[int]:
    """Which of these are still tied as one may ask over it, as far as the reader sees; a query."""
    if not pairs:
        return []
    way = Way(to_ask=True, only_askable=True)
    near, far = [near for near, _far in pairs], [far for _near, far in pairs]
    return [place for (place,) in ask(_HELD, way, this_moment(), near=near, far=far)]
