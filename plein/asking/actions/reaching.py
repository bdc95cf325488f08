# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether and how one person on a way can be asked: on the list of a colleague, or by mail."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.asking.refusals import CannotAsk
from plein.consent.queries import closed_to_requests
from plein.relations.models import ContactPointLink, Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.circles import circle_of_people, seats_within
from plein.trust.models import Role, Seat


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is asked: a colleague by their seat, others at an address that is theirs alone."""

    language: str
    circle_id: int
    seat_id: UUID | None = None
    address: str = ""


def reach_of(person: Relation, target: Relation) -> Reach:
    """How this person can be asked about the target; raises CannotAsk with what stands in the way."""
    if closed := closed_to_requests([person]):
        raise CannotAsk(closed[person.id], "way")
    if person.seat_id is not None:
        return _colleague(person, target)
    address = address_of(person)
    if not address:
        facts = {"name": person.name}
        raise CannotAsk(
            _("There is no e-mail address that is of %(name)s alone. Note one, or ask another.") % facts, "way"
        )
    return Reach(person.language, circle_of_people([]), address=address)


def _colleague(person: Relation, target: Relation) -> Reach:
    seat: Seat | None = Seat.objects.filter(id__in=[person.seat_id]).select_related("user").first()
    facts = {"name": person.name, "target": target.name}
    if seat is None or not seat.is_active or seat.role == Role.GUEST:
        raise CannotAsk(_("%(name)s does not work with us in Plein now. Ask another.") % facts, "way")
    if not seats_within([person.circle_id, target.circle_id], [seat.id]):
        words = _("%(name)s does not see %(target)s here. Show them %(target)s first, or ask another.")
        raise CannotAsk(words % facts, "way")
    return Reach(seat.user.language, circle_of_people([seat.id]), seat_id=seat.id)


def address_of(person: Relation) -> str:
    """The address at which somebody reads mail that nobody else has, as far as the asker may see."""
    links = ContactPointLink.objects.filter(
        relation_id=person.id, revoked_at__isnull=True, contact_point__kind=ContactKind.EMAIL
    ).select_related("contact_point")
    values = [one.contact_point.value for one in links.order_by("-is_primary", "id")]
    shared = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value__in=values, revoked_at__isnull=True
    ).exclude(relation_id=person.id)
    others = set(shared.values_list("contact_point__value", flat=True))
    return next((value for value in values if value not in others), "")


def somebody(person: UUID | None) -> Relation | None:
    """The relation of an id, if there is one and the actor sees it."""
    found: Relation | None = Relation.objects.filter(id=person).first() if person is not None else None
    return found
