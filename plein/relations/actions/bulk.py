# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.operations import operation
from plein.relations.actions.contacting import keep_wishes
from plein.relations.actions.filing import find_tag
from plein.relations.actions.relations import check_owner
from plein.relations.models import Relation, Tagging
from plein.relations.refusals import Refused
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: The most relations one act may touch from a list.
MOST = 5000


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How many relations were changed, and under which operation."""

    count: int
    operation_id: UUID


def _visible(ids: Iterable[UUID]) -> list[UUID]:
    wanted = set(ids)
    if not wanted:
        raise Refused(_("Choose somebody in the list first."))
    if len(wanted) > MOST:
        raise Refused(_("That is more than %(most)s at once.") % {"most": MOST})
    return list(Relation.objects.filter(id__in=wanted).values_list("id", flat=True))


def tag_relations(*, actor: Entrance, ids: Iterable[UUID], name: str) -> BulkResult:
    """File many relations under a tag at once."""
    permit(actor, "write")
    chosen = _visible(ids)
    with operation("tag_relations", count=len(chosen)) as done:
        filed_under = find_tag(name)
        present = set(
            Tagging.objects.filter(tag=filed_under, relation_id__in=chosen).values_list("relation_id", flat=True)
        )
        missing = [relation_id for relation_id in chosen if relation_id not in present]
        Tagging.objects.bulk_create([Tagging(relation_id=relation_id, tag=filed_under) for relation_id in missing])
    return BulkResult(len(missing), done.id)


def untag_relations(*, actor: Entrance, ids: Iterable[UUID], tag_id: UUID) -> BulkResult:
    """Take a tag off many relations at once."""
    permit(actor, "write")
    chosen = _visible(ids)
    with operation("untag_relations", count=len(chosen)) as done:
        filed = Tagging.objects.filter(tag_id=tag_id, relation_id__in=chosen)
        count = filed.count()
        filed.delete()
    return BulkResult(count, done.id)


def assign_relations(*, actor: Entrance, ids: Iterable[UUID], owner_id: UUID | None) -> BulkResult:
    """Give many relations an owner at once, or none."""
    permit(actor, "write")
    check_owner(owner_id)
    chosen = _visible(ids)
    with operation("assign_relations", count=len(chosen)) as done:
        Relation.objects.filter(id__in=chosen).update(owner_id=owner_id)
    return BulkResult(len(chosen), done.id)


def delete_relations(*, actor: Entrance, ids: Iterable[UUID]) -> BulkResult:
    """Move many relations to the recycle bin at once."""
    permit(actor, "delete")
    chosen = _visible(ids)
    with operation("delete_relations", count=len(chosen)) as done:
        keep_wishes(list(Relation.objects.filter(id__in=chosen, do_not_contact=True)))
        Relation.objects.filter(id__in=chosen).delete()
    return BulkResult(len(chosen), done.id)
