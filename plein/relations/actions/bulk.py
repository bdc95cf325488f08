# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done to many relations at once: each in a few statements, whatever their number.

They get ids that the actor sees, from `plein/lists/bulk`, and run inside the one operation of the whole.
"""

from collections.abc import Callable
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.operations import operation
from plein.lists.bulk.acts import CannotChange
from plein.lists.outcomes import Outcome
from plein.relations.actions.contacting import keep_wishes
from plein.relations.actions.filing import find_tag
from plein.relations.actions.relations import check_owner
from plein.relations.events import RelationAssigned
from plein.relations.models import ContactPoint, ContactPointLink, Relation, Tag, Tagging
from plein.relations.names import tidy
from plein.relations.refusals import Refused
from plein.trust.circles import circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So many relations go into one event, which a job carries along.
TOLD_TOGETHER = 1000
#: Details that can become the same for many.
SAME_FOR_MANY = frozenset({"headline", "place", "country", "language", "about", "is_ours"})


def tag_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """File many relations under a tag; who is filed under it already stays so."""
    permit(actor, "write")
    with operation("tag_relations", count=len(ids)):
        count = 0
        for filed_under, some in tags_for_many(values["name"], Relation.objects.filter(id__in=ids)):
            present = set(
                Tagging.objects.filter(tag=filed_under, relation_id__in=some).values_list("relation_id", flat=True)
            )
            missing = [one for one in some if one not in present]
            Tagging.objects.bulk_create([Tagging(relation_id=one, tag=filed_under) for one in missing])
            count += len(missing)
    return Outcome(count)


def tags_for_many(name: str, records: QuerySet[Any]) -> list[tuple[Tag, list[UUID]]]:
    """The tag of that name for the records of each circle; a name that is none stops the whole change."""
    by_circle: dict[int, list[UUID]] = {}
    for circle_id, record_id in records.values_list("circle_id", "id"):
        by_circle.setdefault(circle_id, []).append(record_id)
    try:
        return [(find_tag(name, circle_id), ids) for circle_id, ids in by_circle.items()]
    except Refused as refusal:
        raise CannotChange(str(refusal)) from refusal


def untag_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Take a tag off many relations."""
    permit(actor, "write")
    with operation("untag_relations", count=len(ids)):
        filed = Tagging.objects.filter(tag_id=values["tag"], relation_id__in=ids)
        count = filed.count()
        filed.delete()
    return Outcome(count)


def assign_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Give many relations an owner, or none."""
    permit(actor, "write")
    owner_id = UUID(str(values["owner"])) if values["owner"] else None
    try:
        check_owner(owner_id)
    except Refused as refusal:
        raise CannotChange(str(refusal)) from refusal
    with operation("assign_relations", count=len(ids)):
        others = list(Relation.objects.filter(id__in=ids).exclude(owner_id=owner_id).values_list("id", flat=True))
        changed = Relation.objects.filter(id__in=others).update(owner_id=owner_id)
        for some in batched(others, TOLD_TOGETHER):
            publish(RelationAssigned(some, owner_id))
    return Outcome(changed)


def set_detail_of_many(*, actor: Entrance, ids: list[UUID], name: str, value: Any) -> Outcome:
    """Give many relations the same value of one detail."""
    permit(actor, "write")
    if name not in SAME_FOR_MANY:
        raise CannotChange(f"not a detail for many: {name}")
    value = tidy(value) if isinstance(value, str) and name != "about" else value
    with operation("edit_relations", count=len(ids)):
        others = Relation.objects.filter(id__in=ids).exclude(**{name: value})
        return Outcome(others.update(**{name: value}))


def for_many(attribute: str) -> Callable[[Entrance, list[UUID], Any], Outcome] | None:
    """How many relations get the same value of a detail, None for what each has for itself."""
    if attribute == "owner_id":
        return lambda actor, ids, value: assign_many(actor=actor, ids=ids, values={"owner": value})
    if attribute not in SAME_FOR_MANY:
        return None
    return lambda actor, ids, value: set_detail_of_many(actor=actor, ids=ids, name=attribute, value=value)


def move_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Choose who may see many relations; all that belongs to them follows, and contact points that are theirs alone."""
    permit(actor, "write")
    with operation("move_relations", count=len(ids)):
        circle = circle_for(values["circle"])
        links = ContactPointLink.objects.filter(contact_point_id=OuterRef("id"))
        own = ContactPoint.objects.filter(Exists(links.filter(relation_id__in=ids)))
        own.exclude(Exists(links.exclude(relation_id__in=ids))).exclude(circle_id=circle).update(circle_id=circle)
        count = Relation.objects.filter(id__in=ids).exclude(circle_id=circle).update(circle_id=circle)
    return Outcome(count)


def delete_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Move many relations to the recycle bin."""
    del values
    permit(actor, "delete")
    with operation("delete_relations", count=len(ids)):
        audit("delete", kind="relation", about=ids)
        keep_wishes(ids)
        Relation.objects.filter(id__in=ids).delete()
    return Outcome(len(ids))


def merge_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Merging is done with two, on a page where both stand side by side."""
    del ids, values
    permit(actor, "delete")
    raise CannotChange(_("Merging is done with two at a time, side by side."))
