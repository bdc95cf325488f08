# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relation in short, beside the list it stands in."""

from typing import Any

from plein.relations.picture import own_facts_of
from plein.relations.queries import picture_of, relation_of
from plein.relations.slots import facts
from plein.trust.seats import Entrance


def peek_context(relation: Any, actor: Entrance) -> dict[str, Any]:
    """What one sees at a glance: how to reach somebody, what there is to say, whom they know."""
    del actor
    whole = relation_of(relation.id) or relation
    picture = picture_of(whole)
    told = [fact for fact in (make(whole) for make in facts) if fact and fact.value]
    return {"relation": whole, "picture": picture, "own_facts": own_facts_of(picture), "facts": told}
