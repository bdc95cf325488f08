# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying that this is not them, which nothing overrules until somebody takes it back."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _

from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.identity.models import Apart
from plein.identity.profiles import Profile, parts_of
from plein.identity.queries.apart import apart_keys
from plein.relations.models import ContactPoint, Relation
from plein.relations.refusals import Refused
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def keep_apart(
    *,
    actor: Entrance,
    relation: Relation,
    other: Relation | None = None,
    profile: Profile | None = None,
) -> list[Apart]:
    """Remember that somebody is not that other one, or not the one whom a profile is of; once is enough."""
    permit(actor, "write")
    if (other is None) == (profile is None):
        raise Refused(_("Say who it is not: somebody you have, or somebody as heard."))
    with operation("keep_apart"):
        if other is not None:
            return [_of_people(actor, relation, other)]
        return _of_profile(actor, relation, profile or Profile())


def allow_again(*, actor: Entrance, apart: Apart) -> None:
    """Forget that it was not them."""
    permit(actor, "write")
    with operation("allow_again"):
        Apart.objects.filter(id=apart.id).delete()


def _of_people(actor: Entrance, relation: Relation, other: Relation) -> Apart:
    if relation.id == other.id:
        raise Refused(_("Nobody can be kept apart from themselves."))
    first, second = sorted((relation, other), key=lambda one: one.id)
    present = Apart.objects.filter(relation=first, other=second).first()
    return present or Apart.objects.create(relation=first, other=second, decided_by_id=actor.seat_id)


def _of_profile(actor: Entrance, relation: Relation, profile: Profile) -> list[Apart]:
    """One for each address, in the circle where the address is known too; without any, one for all that was heard."""
    parts = parts_of(profile)
    if parts.is_empty:
        raise Refused(_("Nothing was heard of them that can be compared."))
    keys = apart_keys(parts)
    present = {one.key: one for one in Apart.objects.filter(relation=relation, key__in=keys)}
    points = _points([key[2:] for key in keys if key[0] in "ep"])
    return [
        present.get(key)
        or Apart.objects.create(
            relation=relation, key=key, contact_point_id=points.get(key[2:]), decided_by_id=actor.seat_id
        )
        for key in keys
    ]


def _points(values: Sequence[str]) -> dict[str, UUID]:
    """The contact points with these values, those that everyone here sees before others."""
    widest = Case(When(circle_id=default_circle_id(), then=Value(0)), default=Value(1), output_field=IntegerField())
    found = ContactPoint.objects.filter(value__in=values).annotate(widest=widest).order_by("-widest", "-id")
    return dict(found.values_list("value", "id"))
