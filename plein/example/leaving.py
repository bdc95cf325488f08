# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before the example company goes, what people added themselves lets go of it."""

from uuid import UUID

from django.db.models import Q

from plein.consent.models import Subject
from plein.core.isolation import workspace_id
from plein.core.models import Change
from plein.example.staff import DOMAIN
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, ToDo
from plein.relations.models import ContactPoint, Relation
from plein.trust.circles import circle_of_people, everyone
from plein.trust.models import Circle, CircleSeat, TeamMember, User

#: Records that carry a circle of their own; what belongs to them follows.
ROOTS = (Relation, ContactPoint, Moment, ToDo)
WITH_OWN_CIRCLE = (MomentSubject, MomentText, ToDo)


def made_by(operation_id: UUID, table: str) -> list[UUID]:
    """The rows of a table that an operation made."""
    changes = Change.objects.filter(operation_id=operation_id, table_name=table, kind="I")
    return list(changes.values_list("row_id", flat=True))


def let_go(loaded: UUID) -> None:
    """What its people decided goes with them, for nobody was ever asked.

    People's own moments forget the contact points of the example, and leave the circles of its teams.
    """
    Subject.objects.filter(id__in=made_by(loaded, "consent_subject")).delete()
    points = made_by(loaded, "relations_contact_point")
    moments = made_by(loaded, "moments_moment")
    Participant.objects.filter(contact_point__in=points).exclude(moment__in=moments).update(contact_point=None)
    for circle in _circles_of(loaded):
        remaining = _members(circle, set(made_by(loaded, "trust_seat")))
        other = circle_of_people(remaining) if remaining else everyone()
        for root in ROOTS:
            made = made_by(loaded, root._meta.db_table)
            root.objects.filter(circle_id=circle.id).exclude(id__in=made).update(circle_id=other)
        for part in WITH_OWN_CIRCLE:
            made = made_by(loaded, part._meta.db_table)
            part.objects.filter(own_circle_id=circle.id).exclude(id__in=made).update(own_circle_id=other)


def _circles_of(loaded: UUID) -> list[Circle]:
    """The circles that go with the example: of its teams, and of its people alone."""
    teams, seats = made_by(loaded, "trust_team"), made_by(loaded, "trust_seat")
    named = CircleSeat.objects.filter(seat__in=seats).values("circle_id")
    here = Circle.objects.filter(workspace_id=workspace_id())
    return list(here.filter(Q(team__in=teams) | Q(id__in=named)))


def _members(circle: Circle, going: set[UUID]) -> list[UUID]:
    """Who stays of those that a circle admits."""
    if circle.team_id is not None:
        members = TeamMember.objects.filter(team_id=circle.team_id).values_list("seat_id", flat=True)
        return [seat for seat in members if seat not in going]
    named = CircleSeat.objects.filter(circle=circle).values_list("seat_id", flat=True)
    return [seat for seat in named if seat not in going]


def close_accounts() -> None:
    """The circles of people that keep nothing any more, and the accounts without a seat anywhere."""
    here = Circle.objects.filter(workspace_id=workspace_id())
    used = {circle for root in ROOTS for circle in root.objects.values_list("circle_id", flat=True).distinct()}
    for part in WITH_OWN_CIRCLE:
        own = part.objects.filter(own_circle_id__isnull=False).values_list("own_circle_id", flat=True)
        used |= {circle for circle in own.distinct() if circle is not None}
    idle = list(here.filter(kind="people").exclude(id__in=used).values_list("id", flat=True))
    here.filter(Q(id__in=idle) | Q(kind="meet", parts__overlap=idle)).delete()
    User.objects.filter(email__endswith=f"@{DOMAIN}", seats__isnull=True).delete()
