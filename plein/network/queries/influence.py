# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people stand in the network that everyone here sees: making it out, and reading what the last night found."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

import numpy as np
from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.isolation import default_circle_id
from plein.network.models import Bridge, Census, Group, Influence
from plein.network.queries.following import this_moment
from plein.network.queries.numbering import uuids_of
from plein.network.queries.placing import give_places
from plein.network.queries.public import Public, public_network
from plein.network.queries.seeing import of_today
from plein.network.whole.graph import Places
from plein.network.whole.standing import SMALLEST, Standing, standing
from plein.network.whole.trees import Bridges
from plein.relations.models import Membership, Relation, Tag, Tagging

_ASKABLE = """
    SELECT u.id FROM unnest(%(ids)s::uuid[]) u (id)
     CROSS JOIN LATERAL (SELECT h.far_id FROM network_half h WHERE {h} AND h.near_id = u.id LIMIT 1) n
     CROSS JOIN LATERAL (SELECT b.asked_until FROM network_half b
                          WHERE {b} AND b.near_id = n.far_id AND b.far_id = u.id LIMIT 1) k
     WHERE k.asked_until > %(at)s
"""
#: Of more people than this only the most notable are kept.
KEPT = 20_000
#: Of more ties that are the only way those that cut off the most are kept.
PARTING = 2000
#: So many groups get a name, by so many of their best known.
NAMED, ASKED = 200, 200
#: What at least so many of them share, and this part of them, names a group.
ENOUGH, SHARE = 3, 0.4


@dataclass(frozen=True, slots=True)
class Found:
    """What a night found: rows that are not written yet."""

    census: Census
    groups: list[Group]
    people: list[Influence]
    bridges: list[Bridge]


def make_out() -> Found:
    """Figures of the network that everyone here sees, in the workspace in force. Nothing is written."""
    public = public_network()
    figures = standing(public.graph)
    place, between_place = _places(figures.rank), _places(figures.between)
    kept = _notable(place, between_place, figures)
    numbers, ids = kept.tolist(), uuids_of(public.ids[kept])
    people = [
        Influence(
            person_id=id,
            rank=float(figures.rank[one]),
            place=int(place[one]),
            core=int(figures.core[one]),
            between=float(figures.between[one]),
            between_place=int(between_place[one]),
            only_way_to=int(figures.only_way_to[one]),
            group_number=int(figures.group[one]),
            joins=[number for number in figures.joins[one].tolist() if number >= 0],
        )
        for one, id in zip(numbers, ids, strict=True)
    ]
    census = Census(
        at=this_moment().at,
        people=len(public.ids),
        ties=len(public.graph.ends) // 2,
        parts=figures.parts,
        largest_part=figures.largest_part,
        groups=int((figures.sizes >= SMALLEST).sum()),
        bridges=len(figures.bridges.near),
        triangles=figures.triangles,
        deepest_core=int(figures.core.max(initial=0)),
    )
    named = _groups(public, figures, place, people)
    census.step = give_places(public.graph, figures, kept, people, named)
    return Found(census, named, people, _bridges(public, figures.bridges))


def _bridges(public: Public, found: Bridges) -> list[Bridge]:
    """Those that cut off the most."""
    near, far = uuids_of(public.ids[found.near[:PARTING]]), uuids_of(public.ids[found.far[:PARTING]])
    rows = zip(near, far, found.cut_off[:PARTING].tolist(), strict=True)
    return [
        Bridge(near_id=one, far_id=other, beyond=beyond, place=place)
        for place, (one, other, beyond) in enumerate(rows, 1)
    ]


def _places(values: np.ndarray) -> Places:
    """The place of each by a figure, from 1; of equals the one who was there first."""
    told = np.empty(len(values), np.int64)
    told[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return told


def _notable(place: Places, between_place: Places, figures: Standing) -> Places:
    """Whom to keep a line of, in the order of their numbers."""
    if len(place) <= KEPT:
        return np.arange(len(place))
    only = _places(figures.only_way_to.astype(np.float64))
    return np.flatnonzero((place <= KEPT // 2) | (between_place <= KEPT // 4) | (only <= KEPT // 4))


def _groups(public: Public, figures: Standing, place: Places, people: Iterable[Influence]) -> list[Group]:
    """The groups that somebody who is kept is in or joins; the largest with what their members share."""
    wanted = {number for one in people for number in (one.group_number, *one.joins)}
    wanted = {number for number in wanted if figures.sizes[number] >= SMALLEST}
    members = _best_known(public, figures, place, sorted(wanted)[:NAMED])
    names: dict[int, dict[str, object]] = {number: {"best_id": ids[0]} for number, ids in members.items()}
    for number, shared in _shared(members).items():
        names[number] |= shared
    return [Group(number=number, size=int(figures.sizes[number]), **names.get(number, {})) for number in sorted(wanted)]


def _best_known(
    public: Public, figures: Standing, place: Places, numbers: Sequence[int]
) -> dict[int, tuple[UUID, ...]]:
    order = np.lexsort((place, figures.group))
    group = figures.group[order]
    told = {}
    for number in numbers:
        first = int(np.searchsorted(group, number))
        size = min(int(figures.sizes[number]), ASKED)
        told[number] = uuids_of(public.ids[order[first : first + size]])
    return told


def _shared(members: dict[int, tuple[UUID, ...]]) -> dict[int, dict[str, object]]:
    """Where most of each group work or live and under what they are filed, as far as everyone here sees it."""
    group_of = {id: number for number, ids in members.items() for id in ids}
    counted: dict[str, dict[int, Counter[object]]] = {"organization_id": {}, "tag_id": {}, "place": {}}
    for ids in batched(group_of, 5000):
        for name, rows in _facts(ids):
            for id, fact in rows:
                counted[name].setdefault(group_of[id], Counter())[fact] += 1
    told: dict[int, dict[str, object]] = {}
    for name, groups in counted.items():
        for number, facts in groups.items():
            [(fact, count)] = facts.most_common(1)
            if count >= max(ENOUGH, SHARE * len(members[number])):
                told.setdefault(number, {})[name] = fact
    return told


def _facts(ids: Sequence[UUID]) -> Iterable[tuple[str, Iterable[tuple[UUID, object]]]]:
    everyone, moment = default_circle_id(), this_moment()
    members = Membership.objects.filter(person_id__in=ids, circle_id=everyone)
    members = members.exclude(starts_on__gt=moment.today).exclude(ends_on__lt=moment.today)
    yield "organization_id", set(members.values_list("person_id", "organization_id"))
    tagged = Tagging.objects.filter(relation_id__in=ids, circle_id=everyone)
    yield "tag_id", tagged.values_list("relation_id", "tag_id")
    people = Relation.objects.filter(id__in=ids, circle_id=everyone).exclude(place="")
    yield "place", people.values_list("id", "place")


@dataclass(frozen=True, slots=True)
class Stands:
    """How somebody stands: the figures, the group they are in and those they join."""

    person: Relation
    figures: Influence
    group: Group | None
    joins: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Influences:
    """What the last night found: nothing where there was none."""

    census: Census | None
    people: tuple[Stands, ...] = ()


def influences(*, of: UUID | None = None, at: UUID | None = None, limit: int = 50, offset: int = 0) -> Influences:
    """How somebody stands, or who works at an organization, or everybody, the best known first.

    Nobody who may not be asked any more.
    """
    census = Census.objects.first()
    if census is None:
        return Influences(None)
    rows = Influence.objects.select_related("person").order_by("place")
    if at is not None:
        members = Membership.objects.filter(of_today(this_moment()), organization_id=at)
        rows = rows.filter(person_id__in=members.values("person_id"))
    found = list(rows.filter(person_id=of) if of else rows[offset : offset + limit])
    open_ones = askable([one.person_id for one in found]) if found else set()
    return Influences(census, standing_of([one for one in found if one.person_id in open_ones]))


def standing_of(found: Sequence[Influence]) -> tuple[Stands, ...]:
    """These, read with their person, with the groups they are in and join; a query."""
    wanted = {number for one in found for number in (one.group_number, *one.joins)}
    groups = {one.number: one for one in Group.objects.filter(number__in=wanted)}
    return tuple(
        Stands(
            one.person,
            one,
            groups.get(one.group_number),
            tuple(groups[number] for number in one.joins if number in groups),
        )
        for one in found
    )


def askable(ids: Sequence[UUID]) -> set[UUID]:
    """Who of these may be asked at this moment, which all their ties know; a query."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(_ASKABLE), {"ids": list(ids), "at": this_moment().at})
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Names:
    """What names groups, by id: organizations, tags, and who is best known."""

    organizations: dict[UUID, str]
    tags: dict[UUID, str]
    people: dict[UUID, str]


def names_of(groups: Iterable[Group]) -> Names:
    """As far as the reader sees them, and of people only those who may be asked still; at most three queries."""
    groups = list(groups)
    organizations = {one.organization_id for one in groups if one.organization_id}
    tags = {one.tag_id for one in groups if one.tag_id}
    best = {one.best_id for one in groups if one.best_id and not (one.organization_id or one.tag_id or one.place)}
    people = askable(list(best)) if best else set()
    wanted = organizations | people
    names = dict(Relation.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
    return Names(
        {id: name for id, name in names.items() if id in organizations},
        dict(Tag.objects.filter(id__in=tags).values_list("id", "name")) if tags else {},
        {id: name for id, name in names.items() if id in people},
    )
