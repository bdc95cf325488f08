# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the callers find: one relation with something of everything, and what is only Alice's."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from plein.core.ids import now
from plein.core.models import Operation
from plein.testing.factories import (
    make_contact_point,
    make_membership,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

HIDDEN = "zilverspar"


@dataclass(frozen=True)
class World:
    """The ids of what there is."""

    person: UUID
    organization: UUID
    moment: UUID
    operation: UUID
    hidden_person: UUID
    hidden_moment: UUID
    hidden_operation: UUID


def last_operation() -> UUID:
    """What was done last."""
    return Operation.objects.order_by("-id").values_list("id", flat=True)[0]


def fill(alice: User) -> World:
    """Fill Alice's workspace; whatever is called by the secret is for her alone."""
    with entered(alice):
        person = make_person("Henk van Dijk", place="Zwolle")
        operation = last_operation()
        organization = make_organization("Van Dijk Installatietechniek", place="Ommen")
        make_membership(person, organization)
        make_contact_point(person, "email", "henk@vandijk.example")
        moment = make_moment(person, organization, title="Offerte")
        make_moment(person, title="Afspraak", state="planned", occurred_at=now() + timedelta(days=2))
        make_todo("Offerte nabellen", relation=person)
        mine = only_me()
        hidden = make_person(f"Piet {HIDDEN}", circle_id=mine, place=HIDDEN)
        hidden_operation = last_operation()
        make_membership(hidden, organization, role=HIDDEN)
        make_contact_point(hidden, "email", f"piet@{HIDDEN}.example", circle_id=mine)
        hidden_moment = make_moment(hidden, organization, title=f"Over {HIDDEN}", circle_id=mine)
        make_todo(f"Bel {HIDDEN}", relation=hidden, circle_id=mine)
    return World(person.id, organization.id, moment.id, operation, hidden.id, hidden_moment.id, hidden_operation)
