# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who goes by a name, among those whom everybody sees who may see what is written about them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from plein.relations.models import Relation
from plein.relations.names import sort_name
from plein.relations.vocabulary import RelationKind
from plein.trust.circles import everyone


def organizations_named(names: Iterable[str], circle_id: int) -> QuerySet[Relation]:
    """The organizations of these names, whatever their letters, that whoever is in the circle sees; the oldest last."""
    wanted = {sort_name(name, is_person=False) for name in names}
    found: QuerySet[Relation] = Relation.objects.filter(
        kind=RelationKind.ORGANIZATION, sort_name__in=wanted, circle_id__in={circle_id, everyone()}
    )
    return found.order_by("-id")
