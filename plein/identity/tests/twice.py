# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who are there twice, for tests of who may be one."""

from uuid import UUID

from plein.identity.actions.duplicates import compare_book
from plein.identity.book.running import Runner
from plein.identity.models import Pair
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered


def make_twice(number: int = 0, **changes: object) -> tuple[Relation, Relation]:
    """Somebody who is there twice, sure enough: the same name, address and number."""
    firm = make_organization(f"Bakkerij {number}", **changes)
    both = [make_person(name, place="Zwolle", **changes) for name in (f"Rik Zandstra{number}", f"R. Zandstra{number}")]
    for one in both:
        make_contact_point(one, "email", f"rik{number}@bakkerij.example", **changes)
        make_contact_point(one, "phone", f"+3161234{number:04}", **changes)
        make_membership(one, firm)
    return both[0], both[1]


def compared(user: User) -> UUID:
    """Compare the book as somebody, here and now: the run."""
    with entered(user) as actor:
        run = compare_book(actor=actor, in_background=False)
        workspace = actor.workspace_id
    Runner(user, workspace, run.id).carry_out()
    return run.id


def found(user: User) -> list[tuple[UUID, UUID, float]]:
    """The pairs somebody sees, the surest first."""
    with entered(user):
        return [(one.one_id, one.other_id, one.bits) for one in Pair.objects.order_by("-bits", "id")]
