# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network introductions` and `plein network degrees`: who leads to somebody, and how many are how far away."""

import argparse
from typing import Any

from plein.cli.network_lists import Said, relation_named
from plein.core.ids import now
from plein.network.queries import COLLEAGUES, ME, Path, PeopleFilter, Question, introductions, reach
from plein.network.wording import told
from plein.relations.models import Relation
from plein.trust.seats import Entrance


def introductions_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """The best ways to somebody, each step with what it rests on."""
    begin = arguments.origin if arguments.origin in (ME, COLLEAGUES) else relation_named(arguments.origin).id
    question = Question(relation_named(arguments.to), begin, max(1, min(arguments.limit, 20)))
    found = introductions(question, seat_id=actor.seat_id)
    result = {"paths": [_way(one) for one in found.paths], "not_used": found.not_used}
    lines = [f"{one.score:.2f}  " + " > ".join(person.name for person in one.people) for one in found.paths]
    if found.not_used:
        lines.append(f"not used: {found.not_used} through people who may not be asked")
    return result, lines


def _way(path: Path) -> dict[str, Any]:
    steps = [
        {"near": step.near.id, "far": step.far.id, "strength": step.strength, "evidence": told(step, now())}
        for step in path.steps
    ]
    people = [{"id": one.id, "name": one.name} for one in path.people]
    return {"people": people, "steps": steps, "strength": path.strength, "score": path.score}


def degrees_told(actor: Entrance, arguments: argparse.Namespace) -> Said:
    """How many are one, two and three ties away, and who."""
    del actor
    firm = relation_named(arguments.organization).id if arguments.organization else None
    degree = min(arguments.degree or 1, arguments.depth)
    found = reach(
        relation_named(arguments.of).id,
        depth=arguments.depth,
        degree=degree,
        only=PeopleFilter(firm, arguments.place, arguments.role, arguments.tag),
        limit=max(1, min(arguments.limit, 1000)) if arguments.degree else 0,
    )
    people = Relation.objects.in_bulk({each for one in found.rows for each in (one.id, *one.between)})
    named = [
        {
            "id": one.id,
            "name": people[one.id].name,
            "closeness": one.closeness,
            "between": [{"id": each, "name": people[each].name} for each in one.between],
        }
        for one in found.rows
    ]
    lines = [f"{number}: {count}" for number, count in found.counts.items()]
    for one in found.rows:
        through = ", ".join(people[each].name for each in one.between)
        lines.append(f"{one.closeness:.2f}  {people[one.id].name}" + (f", through {through}" if through else ""))
    return {"degrees": list(found.counts.values()), "people": named}, lines
