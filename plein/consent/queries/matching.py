# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom the lines of a list are about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from plein.consent.lines import Line, Lines
from plein.consent.queries.guards import never_listed
from plein.relations.models import ContactPointLink, Relation
from plein.relations.vocabulary import RelationKind


@dataclass(slots=True)
class Matched:
    """The lines of a list with the people they are about, those of nobody we know, and what is wrong with others."""

    found: list[tuple[Line, Relation]] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)


def match(lines: Lines) -> Matched:
    """Find by id, then by address; a line that may be about several people is not guessed at. Three queries."""
    people = _by_id([line.relation_id for line in lines.good if line.relation_id])
    behind = _by_point({point for line in lines.good for point in line.points})
    matched = Matched(bad=list(lines.bad))
    for line in lines.good:
        _place(line, people, behind, matched)
    points = list({point for line in lines.good for point in line.points})
    matched.listed = sorted(value for _kind, value in never_listed(points))
    matched.bad.sort()
    return matched


def _place(
    line: Line,
    people: dict[UUID, Relation],
    behind: dict[tuple[str, str], dict[UUID, Relation]],
    matched: Matched,
) -> None:
    if line.relation_id is not None:
        if line.relation_id in people:
            matched.found.append((line, people[line.relation_id]))
        else:
            matched.bad.append((line.number, _("There is nobody here with this id.")))
        return
    candidates: dict[UUID, Relation] = {}
    for point in line.points:
        candidates = candidates or behind.get(point, {})
    if not candidates:
        matched.unknown.append(line)
    elif len(candidates) == 1:
        matched.found.append((line, next(iter(candidates.values()))))
    else:
        names = ", ".join(sorted(one.name for one in candidates.values())[:3])
        words = _("Several people have this address: %(names)s. Fill in the id of the one you mean.")
        matched.bad.append((line.number, words % {"names": names}))


def _by_id(ids: Sequence[UUID]) -> dict[UUID, Relation]:
    return {one.id: one for one in Relation.objects.filter(id__in=ids, kind=RelationKind.PERSON)}


def _by_point(points: set[tuple[str, str]]) -> dict[tuple[str, str], dict[UUID, Relation]]:
    values = [value for _kind, value in points]
    links = ContactPointLink.objects.filter(
        contact_point__value__in=values, revoked_at__isnull=True, relation__kind=RelationKind.PERSON
    ).select_related("relation", "contact_point")
    found: dict[tuple[str, str], dict[UUID, Relation]] = {}
    for link in links:
        point = (link.contact_point.kind, link.contact_point.value)
        if point in points:
            found.setdefault(point, {})[link.relation_id] = link.relation
    return found
