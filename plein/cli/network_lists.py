# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network mutual` and `plein network lists`: whom two people both know, and whom we know together."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from plein.cli.speech import CommandTrouble
from plein.network.queries.advice import bringers
from plein.network.queries.both import shared
from plein.network.queries.connecting import connectors, only_ties
from plein.network.queries.ours import fallen_silent, known_alone, ours, unmet, who_knows
from plein.network.standing_words import Words
from plein.relations.models import Relation
from plein.trust.seats import Entrance

type Said = tuple[dict[str, Any], list[str]]
MOST = 1000


def relation_named(words: str) -> Relation:
    """Whom an id or a whole name stands for, among those one may see."""
    try:
        found = list(Relation.objects.filter(id=UUID(words)))
    except ValueError:
        found = list(Relation.objects.filter(name__iexact=words).order_by("id")[:2])
    if not found:
        raise CommandTrouble(f"There is nobody called {words}.")
    if len(found) > 1:
        raise CommandTrouble(f"Several are called {words}: name one by id, such as {found[0].id}.")
    return found[0]


def mutual_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """Whom two people both know, those best known to both first, with the strength of either tie."""
    del actor
    count, rows = shared(relation_named(arguments.one).id, relation_named(arguments.other).id, limit=MOST)
    names = _names(row.id for row in rows)
    people = [
        {"id": row.id, "name": names[row.id], "to_one": round(row.to_one, 4), "to_other": round(row.to_other, 4)}
        for row in rows
        if row.id in names
    ]
    lines = [f"{one['to_one']:.2f}  {one['to_other']:.2f}  {one['name']}" for one in people]
    return {"count": count, "people": people}, lines


def lists_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """One of the lists of whom we know together."""
    del actor
    return LISTS[arguments.list](arguments)


def _names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Relation.objects.filter(id__in=set(ids)).values_list("id", "name"))


def _limit(arguments: argparse.Namespace) -> int:
    return max(1, min(int(arguments.limit), MOST))


def _whose(arguments: argparse.Namespace, us: list[UUID]) -> UUID | None:
    who = relation_named(arguments.of).id if arguments.of else None
    if who is not None and who not in us:
        raise CommandTrouble(f"{arguments.of} is not one of us.")
    return who


def _unmet(arguments: argparse.Namespace) -> Said:
    found = unmet(ours(), arguments.kind).order_by("sort_name", "id")[: _limit(arguments)]
    rows = [{"id": one.id, "name": one.name} for one in found]
    return {"rows": rows}, [str(one["name"]) for one in rows]


def _alone(arguments: argparse.Namespace) -> Said:
    us = ours()
    counts, rows = known_alone(us, whose=_whose(arguments, us), limit=_limit(arguments))
    names = _names([*counts, *(one.id for one in rows)])
    told = [
        {"id": one.id, "name": names[one.id], "colleague": names[one.who], "strength": round(one.strength, 4)}
        for one in rows
        if one.id in names and one.who in names
    ]
    summed = [{"id": who, "name": names[who], "count": count} for who, count in counts.items() if who in names]
    lines = [f"{one['count']:>6}  {one['name']} alone" for one in summed]
    lines += [f"{one['strength']:>6.2f}  {one['name']}, only known by {one['colleague']}" for one in told]
    return {"counts": summed, "rows": told}, lines


def _silent(arguments: argparse.Namespace) -> Said:
    us = ours()
    count, rows = fallen_silent(us, whose=_whose(arguments, us), limit=_limit(arguments))
    names = _names(each for one in rows for each in (one.id, one.who))
    told = [
        {
            "id": one.id,
            "name": names[one.id],
            "colleague": names[one.who],
            "was": round(one.was, 4),
            "strength": round(one.strength, 4),
            "last_at": one.last_at.isoformat(),
        }
        for one in rows
        if one.id in names and one.who in names
    ]
    lines = [f"{one['was']:.2f}  {one['strength']:.2f}  {one['colleague']} and {one['name']}" for one in told]
    return {"count": count, "rows": told}, lines


def _best(arguments: argparse.Namespace) -> Said:
    if not arguments.organization:
        raise CommandTrouble("Say of which organization: --organization.")
    firm = relation_named(arguments.organization)
    if firm.is_person:
        raise CommandTrouble(f"{firm.name} is no organization.")
    found = who_knows(ours(), firm.id)
    names = _names(each for one in found for each in (one.who, *(id for id, _strength in one.best)))
    told: list[dict[str, Any]] = [
        {
            "id": one.who,
            "name": names[one.who],
            "strength": round(one.strength, 4),
            "count": one.count,
            "best": [names[id] for id, _strength in one.best if id in names],
        }
        for one in found[: _limit(arguments)]
        if one.who in names
    ]
    lines = [f"{one['strength']:.2f}  {one['name']}: {', '.join(one['best'])}" for one in told]
    return {"rows": told}, lines


def _between(arguments: argparse.Namespace) -> Said:
    found = connectors(group=arguments.group, limit=_limit(arguments))
    words = Words(found.people)
    told = [
        {"id": one.person.id, "name": one.person.name, "words": words.connects(one), "between": one.figures.between}
        for one in found.people
    ]
    return {"count": found.count, "rows": told}, [f"{one['name']}: {one['words']}" for one in told]


def _only(arguments: argparse.Namespace) -> Said:
    found = only_ties(group=arguments.group, limit=_limit(arguments))
    told = [
        {"id": one.near.id, "name": one.near.name, "to": one.far.name, "to_id": one.far.id, "beyond": one.beyond}
        for one in found.ties
    ]
    lines = [f"{one['beyond']:>6}  {one['name']} is the only way to {one['to']}" for one in told]
    return {"count": found.count, "rows": told}, lines


def _brought(arguments: argparse.Namespace) -> Said:
    count, found = bringers(limit=_limit(arguments))
    told: list[dict[str, Any]] = [
        {
            "id": one.who.id,
            "name": one.who.name,
            "referred": one.count,
            "became_customers": one.customers,
            "value": str(one.value),
        }
        for one in found
    ]
    lines = [f"{one['value']:>12}  {one['became_customers']} of {one['referred']}  {one['name']}" for one in told]
    return {"count": count, "rows": told}, lines


LISTS: dict[str, Callable[[argparse.Namespace], Said]] = {
    "unmet": _unmet,
    "alone": _alone,
    "silent": _silent,
    "best": _best,
    "between": _between,
    "only": _only,
    "brought": _brought,
}
