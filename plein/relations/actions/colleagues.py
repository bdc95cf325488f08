# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.relations.actions.contact_points import home_country
from plein.relations.contact import ContactError, normalise
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.relations.names import parse_name, sort_name, tidy
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.events import ColleagueRenamed, SeatGiven
from plein.trust.models import Seat

#: The address of an account that has none yet is nobody's contact point.
NO_ADDRESS = ".localdomain"


def keep_colleague(event: SeatGiven | ColleagueRenamed) -> None:
    """Every seat belongs to a person of the network: find them by their address, or add them, under their name."""
    seat = Seat.objects.select_related("user").get(id=event.seat_id)
    person = Relation.objects.filter(seat_id=seat.id).first() or _known_by_address(seat.user.email)
    name = tidy(seat.user.name) or seat.user.email.partition("@")[0]
    parts = parse_name(name)
    values = {
        "name": parts.full or name,
        "sort_name": sort_name(name, is_person=True, parts=parts),
        "given_name": parts.given,
        "infix": parts.infix,
        "family_name": parts.family,
        "seat_id": seat.id,
        "is_ours": True,
    }
    with operation("keep_colleague"):
        if person is None:
            person = Relation.objects.create(kind=RelationKind.PERSON, circle_id=default_circle_id(), **values)
            _add_address(person, seat.user.email)
        elif any(getattr(person, field) != value for field, value in values.items()):
            Relation.objects.filter(id=person.id).update(**values)


def _known_by_address(address: str) -> Relation | None:
    link = (
        ContactPointLink.objects.filter(
            contact_point__kind=ContactKind.EMAIL,
            contact_point__value=address.lower(),
            relation__kind=RelationKind.PERSON,
            relation__seat__isnull=True,
            revoked_at__isnull=True,
        )
        .select_related("relation")
        .first()
    )
    return link.relation if link else None


def _add_address(person: Relation, address: str) -> None:
    if address.endswith(NO_ADDRESS):
        return
    try:
        contact = normalise(address, kind=ContactKind.EMAIL, country=home_country())
    except ContactError:
        return
    point = ContactPoint.objects.create(kind=contact.kind, value=contact.value, display=contact.display)
    ContactPointLink.objects.create(contact_point=point, relation=person, is_primary=True)
