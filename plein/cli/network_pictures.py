# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network ego`, `whole` and `standing`: who is around somebody, everybody, and how somebody stands."""

import argparse
from typing import Any

from plein.cli.network_lists import Said, relation_named
from plein.cli.speech import CommandTrouble
from plein.network.kinds import KNOWING, TIES
from plein.network.queries import Lens, Period, ego
from plein.network.queries.everybody import NoGroup, Whole, whole
from plein.network.queries.influence import Stands, influences
from plein.network.standing_words import Words
from plein.relations.models import Relation
from plein.trust.seats import Entrance

#: How many are told of at most.
AROUND, EVERYBODY, STANDING = 300, 4000, 200


def _within(wanted: int, most: int) -> int:
    return max(1, min(wanted, most))


def ego_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """Who is around somebody, the nearest first, and the ties among them."""
    del actor
    of = relation_named(arguments.of)
    lens = Lens(TIES[arguments.tie][1] if arguments.tie else (), Period(arguments.period))
    found = ego(of.id, limit=_within(arguments.limit, AROUND), lens=lens)
    known = Relation.objects.in_bulk(found.closeness)
    people: list[dict[str, Any]] = [
        {
            "id": one,
            "kind": known[one].kind,
            "name": known[one].name,
            "closeness": round(closeness, 4),
            "is_direct": one in found.direct,
            "through": found.through.get(one),
        }
        for one, closeness in found.closeness.items()
        if one in known
    ]
    ties = [
        {
            "one": tie.one,
            "other": tie.other,
            "strength": round(tie.strength, 4),
            "grounds": [ground.name.lower() for ground in tie.grounds],
            "is_over": tie.is_over,
        }
        for tie in found.bonds
    ]
    lines = []
    for one in people:
        through = known.get(one["through"])
        lines.append(f"{one['closeness']:.2f}  {one['name']}" + (f", through {through.name}" if through else ""))
    return {"people": people, "ties": ties}, lines


def whole_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """The groups, the people with their places, the best known first, and their ties; nothing before a first night."""
    del actor
    lens = Lens(KNOWING[arguments.tie][1] if arguments.tie else (), Period(arguments.period))
    try:
        found = whole(group=arguments.group, lens=lens)
    except NoGroup:
        raise CommandTrouble(f"There is no group {arguments.group} in the picture.") from None
    if found.census is None:
        empty: dict[str, Any] = {"at": None, "count": 0, "groups": [], "people": [], "ties": []}
        return empty, ["Plein looks at the whole network each night; it has not yet."]
    shown = found.people[: _within(arguments.limit, EVERYBODY)]
    names = dict(Relation.objects.filter(id__in=[one.id for one in shown]).values_list("id", "name"))
    number = {old: new for new, old in enumerate(old for old, one in enumerate(shown) if one.id in names)}
    people = [
        {
            "id": one.id,
            "name": names[one.id],
            "group": one.group,
            "x": one.x,
            "y": one.y,
            "place": one.place,
            "joins": list(one.joins),
        }
        for one in shown
        if one.id in names
    ]
    ties = [
        {"one": number[tie.one], "other": number[tie.other], "is_over": tie.is_over}
        for tie in found.ties
        if tie.one in number and tie.other in number
    ]
    groups = _groups(found)
    lines = [f"{one['size']:>6}  {one['number']:>4}  {one['words']}" for one in groups]
    lines.append(f"{len(found.people)} people drawn, {len(found.ties)} ties")
    figures = {"at": found.census.at.isoformat(), "people_counted": found.census.people, "count": len(found.people)}
    return {**figures, "groups": groups, "people": people, "ties": ties}, lines


def _groups(found: Whole) -> list[dict[str, Any]]:
    words = Words((), found.groups)
    return [
        {
            "number": one.number,
            "size": one.size,
            "words": words.group(one),
            "x": one.x,
            "y": one.y,
            "radius": one.radius,
        }
        for one in found.groups
    ]


def standing_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """How somebody stands, or who works at an organization, in sentences; of the last night."""
    del actor
    about = relation_named(arguments.of)
    limit = _within(arguments.limit, STANDING)
    found = influences(of=about.id) if about.is_person else influences(at=about.id, limit=limit)
    census = found.census
    if census is None:
        return {"at": None, "people": []}, ["Plein looks at the whole network each night; it has not yet."]
    words = Words(found.people)
    people = [_stands(one, words) | {"sentences": words.sentences(one, census)} for one in found.people]
    lines = []
    for one in people:
        lines.append(f"{one['place']:>6} of {census.people}  {one['name']}")
        lines += [f"        {sentence}" for sentence in one["sentences"]]
    at = census.at.isoformat()
    nobody = [f"{about.name} is not in the network that everyone here sees."]
    return {"at": at, "people_counted": census.people, "people": people}, lines or nobody


def _stands(one: Stands, words: Words) -> dict[str, Any]:
    return {
        "id": one.person.id,
        "name": one.person.name,
        "place": one.figures.place,
        "pagerank": one.figures.rank,
        "core": one.figures.core,
        "betweenness": one.figures.between,
        "only_way_to": one.figures.only_way_to,
        "group": words.group(one.group) if one.group else None,
        "joins": [words.group(group) for group in one.joins],
    }
