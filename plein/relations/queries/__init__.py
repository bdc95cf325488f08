# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can ask about people and organizations."""

from plein.lists.keyset import BadCursor
from plein.relations.queries.choices import Choice, owner_choices, similar_relations, suggestions, tag_choices
from plein.relations.queries.contacting import Listed, listed_addresses, whom_to_ask, wish_of
from plein.relations.queries.lists import (
    COUNT_CAP,
    RelationFilter,
    RelationPage,
    RelationRow,
    count_relations,
    list_relations,
)
from plein.relations.queries.record import DayLine, RelationPicture, picture_of, relation_of

__all__ = [
    "COUNT_CAP",
    "BadCursor",
    "Choice",
    "DayLine",
    "Listed",
    "RelationFilter",
    "RelationPage",
    "RelationPicture",
    "RelationRow",
    "count_relations",
    "list_relations",
    "listed_addresses",
    "owner_choices",
    "picture_of",
    "relation_of",
    "similar_relations",
    "suggestions",
    "tag_choices",
    "whom_to_ask",
    "wish_of",
]
