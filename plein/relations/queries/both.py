# SPDX-License-Identifier: AGPL-3.0-or-later
"""People and organizations in one list: the two lists, each read along its own index, laid into each other."""

from dataclasses import replace
from functools import cmp_to_key
from typing import Any

from plein.lists.keyset import Cursor, Segment
from plein.relations.queries.lists import RelationFilter, RelationPage, RelationRow, list_relations, segments_for
from plein.relations.vocabulary import RelationKind


def list_both(wanted: RelationFilter, *, cursor: str, limit: int) -> RelationPage:
    """One page of the relations of either kind; raises BadCursor."""
    if wanted.q:
        return list_relations(replace(wanted, kind=""), cursor=cursor, limit=limit)
    segments = segments_for(wanted)
    pages = [list_relations(replace(wanted, kind=kind), cursor=cursor, limit=limit) for kind in RelationKind.values]

    def by_order(one: RelationRow, other: RelationRow) -> int:
        return _order(one, other, segments)

    rows = sorted((row for page in pages for row in page.rows), key=cmp_to_key(by_order))
    if len(rows) <= limit and not any(page.next for page in pages):
        return RelationPage(rows, "")
    last = rows[limit - 1]
    number = _segment_of(last, segments)
    place = Cursor(number, tuple(_values(last, segments[number])))
    return RelationPage(rows[:limit], place.encode(segments))


def _segment_of(row: RelationRow, segments: tuple[Segment, ...]) -> int:
    """Rows with nothing in the first field stand in the last stretch."""
    return 0 if len(segments) == 1 or getattr(row.relation, segments[0].order[0][0]) else 1


def _values(row: RelationRow, segment: Segment) -> list[Any]:
    return [getattr(row.relation, field) for field, _falls in segment.order]


def _order(one: RelationRow, other: RelationRow, segments: tuple[Segment, ...]) -> int:
    first, second = _segment_of(one, segments), _segment_of(other, segments)
    if first != second:
        return first - second
    segment = segments[first]
    for (_field, falls), mine, theirs in zip(
        segment.order, _values(one, segment), _values(other, segment), strict=True
    ):
        if mine != theirs:
            return -1 if (mine < theirs) != falls else 1
    return 0
