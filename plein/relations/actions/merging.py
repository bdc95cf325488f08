# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two relations that are one: what is chosen of each, and all that belonged to either belongs to the one that stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import EditConflict, operation
from plein.relations.actions.contacting import LONGEST_REASON, keep_wishes
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    Former,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tagging,
    Tie,
)
from plein.relations.queries.merging import BOTH_TEXT, GROUPS, MERGED_DETAILS, NAME, meeting, prefers, values_mark
from plein.relations.refusals import Refused
from plein.trust.circles import circle_of_all, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

type Side = Literal["left", "right", "both"]
SIDES = ("left", "right", "both")


@dataclass(frozen=True, slots=True)
class Choices:
    """What of each of the two is kept: `left` is the one that stays, `right` the one that goes up in it.

    `sides` are by detail, by group of parts and, as `c.` and their key, by own field; what is not named is as proposed.
    `circle` says who sees the one, where their two circles do not: "both" for who saw both, or "me". `values_mark` is
    that of the comparison, to be told when somebody changed an own field since; without it nobody is asked.
    """

    sides: Mapping[str, str] = field(default_factory=dict)
    circle: str = ""
    values_mark: str = ""

    def of(self, key: str, proposed: str) -> str:
        """The side chosen for something."""
        chosen = self.sides.get(key, proposed)
        if chosen not in SIDES:
            raise Refused(_("Choose the left one, the right one or both."), key)
        return chosen


def merge_relations(*, actor: Entrance, into: Relation, other: Relation, choices: Choices | None = None) -> Operation:
    """Make one relation of two, which undo parts again.

    The two are as somebody looked at them: raises EditConflict when one of them was changed since,
    Relation.DoesNotExist when one is gone, and Refused when these two cannot become one.
    """
    permit(actor, "delete")
    chosen = choices or Choices()
    with operation("merge_relations") as done:
        left, right = _held(into, other)
        _hold_values(left, right, chosen.values_mark)
        circle = _circle(left, right, chosen.circle)
        wanted = _details(left, right, chosen) | ({"circle_id": circle} if left.circle_id != circle else {})
        _settle_points(left, right, chosen)
        _narrow_points(left, right, circle)
        _choose_parts(left, right, chosen)
        _choose_values(left, right, chosen)
        if right.circle_id != circle:
            Relation.objects.filter(id=right.id).update(circle_id=circle)
        if wanted:
            Relation.objects.filter(id=left.id).update(**wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT plein_merge_relations_relation(%s, %s)", [right.id, left.id])
        Former.objects.create(relation_id=left.id, former_id=right.id, own_circle_id=circle)
        done.facts = done.facts | {"into": str(left.id), "merged": str(right.id), "circle": circle}
        Operation.objects.filter(id=done.id).update(facts=done.facts)
    return done


def _held(into: Relation, other: Relation) -> tuple[Relation, Relation]:
    """Both, held so that nobody changes them meanwhile, and as they were looked at."""
    if into.id == other.id:
        raise Refused(_("Choose somebody else: this is the same one."), "other")
    held = {
        one.id: one for one in Relation.objects.filter(id__in=[into.id, other.id]).order_by("id").select_for_update()
    }
    if len(held) < 2:
        raise Relation.DoesNotExist
    for looked_at in (into, other):
        if held[looked_at.id].version != looked_at.version:
            raise EditConflict(held[looked_at.id], {})
    left, right = held[into.id], held[other.id]
    if left.kind != right.kind:
        raise Refused(_("A person and an organization cannot become one."), "other")
    if left.seat_id and right.seat_id:
        raise Refused(_("These are two colleagues, each with a seat of their own."), "other")
    return left, right


def _hold_values(left: Relation, right: Relation, mark: str) -> None:
    """Their own fields, held too, and as they were looked at."""
    if not mark:
        return
    both = RelationValues.objects.filter(relation_id__in=[left.id, right.id]).order_by("id")
    list(both.select_for_update().values_list("id"))
    present = values_mark(left.id, right.id)
    if present != mark:
        is_right = present.partition("-")[0] == mark.partition("-")[0]
        raise EditConflict(right if is_right else left, {})


def _circle(left: Relation, right: Relation, wanted: str) -> int:
    """Who will see the one: never more people than see both now."""
    found = meeting(left, right)
    if wanted == "me":
        return only_me()
    if wanted not in ("", "both"):
        raise Refused(_("Choose who sees the one they become."), "circle")
    if found.is_asked and not wanted:
        raise Refused(_("These two are seen by different people. Choose who sees the one they become."), "circle")
    return circle_of_all([left.circle_id, right.circle_id])


def _details(left: Relation, right: Relation, choices: Choices) -> dict[str, Any]:
    """The details that the one that stays takes over."""
    wanted: dict[str, Any] = {}
    for name in (NAME, *MERGED_DETAILS):
        side = choices.of(name, prefers(left, right, name))
        taken = [name, "sort_name", "given_name", "infix", "family_name"] if name == NAME else [name]
        if side == "right":
            wanted |= {one: getattr(right, one) for one in taken}
        elif side == "both" and name in BOTH_TEXT:
            wanted[name] = "\n\n".join(text for text in (getattr(left, name), getattr(right, name)) if text)
        elif side == "both":
            raise Refused(_("Of this only one can be kept."), name)
    wanted |= _wish(left, right)
    if right.seat_id:
        wanted["seat_id"] = right.seat_id
    return {name: value for name, value in wanted.items() if getattr(left, name) != value}


def _wish(left: Relation, right: Relation) -> dict[str, Any]:
    """Whoever of the two wants no contact still wants none."""
    if not right.do_not_contact:
        return {}
    since = [one.do_not_contact_since for one in (left, right) if one.do_not_contact and one.do_not_contact_since]
    reasons = dict.fromkeys(one.do_not_contact_reason for one in (left, right) if one.do_not_contact_reason)
    return {
        "do_not_contact": True,
        "do_not_contact_since": min(since, default=None),
        "do_not_contact_reason": "; ".join(reasons)[:LONGEST_REASON],
    }


def _links(relation: Relation) -> list[ContactPointLink]:
    return list(ContactPointLink.objects.filter(relation=relation).select_related("contact_point").order_by("id"))


def _settle_points(left: Relation, right: Relation, choices: Choices) -> None:
    """Of an address that both have one assertion stays: one that still holds, and rather the one that stays anyway."""
    side = choices.of("points", "both")
    if side != "both":
        dropped = right if side == "left" else left
        keep_wishes([dropped.id])
        ContactPointLink.objects.filter(relation=dropped).delete()
        return
    ours = {(link.contact_point.kind, link.contact_point.value): link for link in _links(left)}
    primary = {link.contact_point.kind for link in ours.values() if link.is_primary and link.revoked_at is None}
    gone, second = [], []
    for link in _links(right):
        twin = ours.get((link.contact_point.kind, link.contact_point.value))
        if twin is not None:
            is_better = twin.revoked_at is not None and link.revoked_at is None
            gone.append(twin.id if is_better else link.id)
        if link.is_primary and link.contact_point.kind in primary:
            second.append(link.id)
    ContactPointLink.objects.filter(id__in=gone).delete()
    ContactPointLink.objects.filter(id__in=second).update(is_primary=False)


def _narrow_points(left: Relation, right: Relation, circle: int) -> None:
    """Contact points that are theirs alone are seen by nobody but who sees the one."""
    both = [left.id, right.id]
    own = ContactPointLink.objects.filter(relation_id__in=both).values_list("contact_point_id", flat=True)
    shared = ContactPointLink.objects.filter(contact_point_id__in=list(own)).exclude(relation_id__in=both)
    only = set(own) - set(shared.values_list("contact_point_id", flat=True))
    wider = {left.circle_id, right.circle_id} - {circle}
    ContactPoint.objects.filter(id__in=only, circle_id__in=wider).update(circle_id=circle)


def _choose_parts(left: Relation, right: Relation, choices: Choices) -> None:
    """Parts that were not chosen go; of a tie that both have one stays, whichever way round it was noted."""
    for key in set(GROUPS) - {"points"}:
        side = choices.of(key, "both")
        if side != "both":
            _parts_of(key, right if side == "left" else left).delete()
    ours = {(tie.kind, _far(tie, left)) for tie in _ties(left) if not tie.is_directed}
    twice = [tie.id for tie in _ties(right) if (tie.kind, _far(tie, right)) in ours]
    Tie.objects.filter(id__in=twice).delete()


def _ties(relation: Relation) -> Iterable[Tie]:
    return Tie.objects.filter(Q(one=relation) | Q(other=relation)).select_related("type")


def _far(tie: Tie, relation: Relation) -> UUID:
    far: UUID = tie.other_id if tie.one_id == relation.id else tie.one_id
    return far


def _parts_of(key: str, relation: Relation) -> Any:
    """What one of the two has of a group of parts, as far as it is seen."""
    if key == "roles":
        return Membership.objects.filter(Q(person=relation) | Q(organization=relation))
    if key == "ties":
        return Tie.objects.filter(Q(one=relation) | Q(other=relation))
    models: dict[str, type[Any]] = {"tags": Tagging, "interests": Interest, "dates": ImportantDate}
    return models[key].objects.filter(relation=relation)


def _choose_values(left: Relation, right: Relation, choices: Choices) -> None:
    """Own fields that are seen: each value from one of the two. What is not seen the database puts together."""
    rows = RelationValues.objects.filter(relation_id__in=[left.id, right.id]).select_related("group")
    by_group: dict[UUID, dict[UUID, RelationValues]] = {}
    for row in rows:
        by_group.setdefault(row.group_id, {})[row.relation_id] = row
    for group in by_group.values():
        values = {key: dict(row.values) for key, row in group.items()}
        kept, taken = values.get(left.id, {}), values.get(right.id, {})
        for key in list(taken):
            if choices.of(f"c.{key}", "left" if key in kept else "right") == "right":
                kept.pop(key, None)
            else:
                taken.pop(key)
        for relation_id, row in group.items():
            if row.values != values[relation_id]:
                RelationValues.objects.filter(id=row.id).update(values=values[relation_id])
