# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of addresses that are never used, and the settings about introductions."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from plein.consent.digests import digest_of, digests_of
from plein.consent.models import ConsentSettings, NeverContact, StepChoice
from plein.consent.queries.guards import never_listed
from plein.consent.refusals import Refused
from plein.consent.vocabulary import Steps
from plein.core.operations import operation
from plein.relations.contact import Contact
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_REASON = 300


def add_never_contact(*, actor: Entrance, contacts: Sequence[Contact], reason: str) -> list[NeverContact]:
    """Never use these addresses again, whoever they belong to; those on the list already stay as they are."""
    permit(actor, "manage")
    if not reason.strip():
        raise Refused(_("Say why, without a name: the list outlives what we know of people."), "reason")
    with operation("add_never_contact", count=len(contacts)):
        points = list(dict.fromkeys((one.kind, one.value) for one in contacts))
        known = never_listed(points)
        why = reason.strip()[:LONGEST_REASON]
        rows = [
            NeverContact(kind=point[0], digest=digest_of(*point), reason=why, seat_id=actor.seat_id)
            for point in points
            if point not in known
        ]
        return list(NeverContact.objects.bulk_create(rows, batch_size=1000))


def remove_never_contact(*, actor: Entrance, contact: Contact, reason: str) -> bool:
    """Take an address off the list, with a reason; whether it was on it."""
    permit(actor, "manage")
    if not reason.strip():
        raise Refused(_("Say why it may be used again."), "reason")
    with operation("remove_never_contact"):
        found = NeverContact.objects.filter(digest__in=digests_of(contact.kind, contact.value))
        # The reason goes into the history of the row before it leaves.
        found.update(reason=reason.strip()[:LONGEST_REASON])
        return bool(found.delete()[0])


def set_steps(*, actor: Entrance, steps: str) -> None:
    """Choose whether people may be asked for introductions unless they object, or only after a yes."""
    permit(actor, "manage")
    if steps not in Steps.values:
        raise Refused(_("Choose one of these."), "steps")
    with operation("set_steps"):
        if not ConsentSettings.objects.update(steps=steps):
            ConsentSettings.objects.create(steps=steps)


def set_own_choice(*, actor: Entrance, is_open: bool) -> None:
    """Let colleagues ask oneself for introductions, or not."""
    permit(actor, "read")
    with operation("set_step_choice"):
        if not StepChoice.objects.filter(seat_id=actor.seat_id).update(is_open=is_open):
            StepChoice.objects.create(seat_id=actor.seat_id, is_open=is_open)
