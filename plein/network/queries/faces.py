# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody is beside their name: what they do and where, whether they said yes, and some of whom else they know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from plein.consent.models import StepChoice
from plein.consent.queries import counting
from plein.consent.vocabulary import INTRODUCTIONS, State
from plein.network.models import Half
from plein.network.queries.following import Moment
from plein.network.vocabulary import ACQUAINTANCE
from plein.relations.models import Membership, Relation

#: Of the others that somebody knows so many are looked up, to hint at in a picture.
HINTED = 12


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody on a way, as a page shows them.

    said_yes  whether they said themselves that they may be asked for introductions
    others    some whom they know, by id
    """

    id: UUID
    kind: str
    name: str
    given_name: str
    seat_id: UUID | None
    role: str
    organization: str
    organization_id: str
    said_yes: bool
    others: tuple[UUID, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is somebody, not some body."""
        return self.kind == "person"

    @property
    def short(self) -> str:
        """What people call them: a person by the first name, an organization by its name."""
        if not self.is_person:
            return self.name
        return self.given_name or self.name.partition(" ")[0]

    @property
    def about(self) -> str:
        """What they do and where, in a few words."""
        return ", ".join(filter(None, (self.role, self.organization)))


def faced(relations: QuerySet[Relation], moment: Moment) -> QuerySet[Any]:
    """These relations with what their faces show, in the same query."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=moment.today)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=moment.today)
    job = (
        Membership.objects.filter(begun, lasting, person_id=OuterRef("id"))
        .order_by(F("starts_on").desc(nulls_last=True), "id")
        .values(told=JSONObject(role="role", name="organization__name", id="organization_id"))
    )
    knows = Half.objects.filter(
        begun, lasting, near_id=OuterRef("id"), is_used=True, ground__in=ACQUAINTANCE, to_person=True
    )
    said = counting().filter(
        subject__relation_id=OuterRef("id"), purpose__key=INTRODUCTIONS, point_value="", decided_at__lte=moment.at
    )
    return relations.annotate(
        job=Subquery(job[:1]),
        others=ArraySubquery(knows.order_by("is_lasting", "-weight", "far_id").values("far_id")[:HINTED]),
        said=Subquery(
            said.order_by("-decided_at", "-id").values(told=JSONObject(state="state", until="holds_until"))[:1]
        ),
        is_open=Exists(StepChoice.objects.filter(seat_id=OuterRef("seat_id"), is_open=True)),
    )


def face_of(one: Any, moment: Moment) -> Face:
    """The face of a relation that was fetched for it."""
    job = one.job or {}
    return Face(
        id=one.id,
        kind=one.kind,
        name=one.name,
        given_name=one.given_name,
        seat_id=one.seat_id,
        role=job.get("role", ""),
        organization=job.get("name", ""),
        organization_id=job.get("id", ""),
        said_yes=one.is_open if one.seat_id else _says_yes(one.said, moment),
        others=tuple(dict.fromkeys(one.others)),
    )


def _says_yes(said: dict[str, str] | None, moment: Moment) -> bool:
    if not said or said["state"] != State.GIVEN:
        return False
    return not said["until"] or datetime.fromisoformat(said["until"]) > moment.at
