# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network adds to the list of people: who of us knows them, and whom one of us alone knows."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from plein.lists.columns import seat_choices, seat_names, seats_meant
from plein.lists.fields import ListField, Question, Ref, Value
from plein.lists.operators import FieldType
from plein.network.models import Half, Influence
from plein.network.queries.connecting import connecting
from plein.network.queries.ours import alone_where, known_to, unmet_where
from plein.relations.models import Relation


def _ours(seats: Sequence[Any] | None = None) -> QuerySet[Any, Any]:
    """The people of this company who sign in, or those of them with one of these seats."""
    found = Relation.objects.filter(kind="person", seat_id__isnull=False)
    return (found if seats is None else found.filter(seat_id__in=seats)).values("id")


def _known_where(question: Question) -> Q:
    match question.operator:
        case "is":
            return Q(id__in=known_to(_ours(seats_meant(question.values))))
        case "not":
            return ~Q(id__in=known_to(_ours(seats_meant(question.values))))
        case "empty":
            return unmet_where(_ours())
        case _:
            return Q(id__in=known_to(_ours()))


def _alone_where(question: Question) -> Q:
    seats = seats_meant(question.values)
    return alone_where(_ours(seats), _ours())


def _knowers(people: Sequence[Any]) -> Mapping[UUID, Value]:
    """Who of us knows each of these; two statements for a page."""
    us = {one.id: one for one in Relation.objects.filter(kind="person", seat_id__isnull=False).order_by("sort_name")}
    ties = known_to(list(us), Half.objects.filter(far_id__in=[one.id for one in people]))
    known: dict[UUID, set[UUID]] = {}
    for far, near in ties.values_list("far_id", "near_id"):
        known.setdefault(far, set()).add(near)
    return {far: tuple(_ref(one) for one in us.values() if one.id in near) for far, near in known.items()}


def _connects_where(question: Question) -> Q:
    """Who connected groups last night, looked up at once: there are few of them."""
    those = Q(id__in=connecting())
    return those if question.operator == "yes" else ~those


def _connecting(people: Sequence[Any]) -> Mapping[UUID, Value]:
    """Which of these connect groups; two statements for a page."""
    found = connecting(Influence.objects.filter(person_id__in=[one.id for one in people]))
    return dict.fromkeys(found, True)


def _ref(one: Relation) -> Ref:
    return Ref(one.id, one.name, "person", reverse("relations:relation", args=[one.id]))


KNOWN_BY = ListField(
    key="known_by",
    label=gettext_lazy("Who of us knows them"),
    type=FieldType.SEAT,
    load=_knowers,
    where=_known_where,
    choices=seat_choices,
    names=seat_names,
)
ONLY_KNOWN_BY = ListField(
    key="only_known_by",
    label=gettext_lazy("Who of us alone knows them"),
    type=FieldType.SEAT,
    where=_alone_where,
    operators=("is",),
    choices=seat_choices,
    names=seat_names,
)
CONNECTS = ListField(
    key="connects",
    label=gettext_lazy("Connects groups"),
    type=FieldType.YES_NO,
    load=_connecting,
    where=_connects_where,
)
