# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.letters import NoAddress, checked_address
from plein.channels.own_post import sends_as
from plein.core.models import Operation
from plein.core.operations import operation
from plein.outbox.models import Identity
from plein.outbox.queries import company_domains, is_of_company
from plein.outbox.refusals import CannotSend
from plein.trust.models import Seat, Team
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

LONGEST_SIGNATURE = 5000


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """A sender as somebody describes it. `seat_id` or `team_id` says whose it is; neither means the actor's own."""

    name: str
    address: str
    signature: str = ""
    is_default: bool = False
    seat_id: UUID | None = None
    team_id: UUID | None = None


def keep_identity(*, actor: Entrance, facts: IdentityFacts, identity: Identity | None = None) -> Identity:
    """Make or change a sender.

    Colleagues change name and signature of their own, and make one of the address they sign in with, or as which their
    own mail account sends. Any other address of the company, and one for a team, is an administrator's to give.
    """
    permit(actor, "write")
    owner = identity.seat_id if identity else facts.seat_id or (None if facts.team_id else actor.seat_id)
    if owner != actor.seat_id:
        permit(actor, "manage")
    address = _checked(actor, facts, identity)
    if facts.team_id and not Team.objects.filter(id=facts.team_id).exists():
        raise CannotSend(_("Choose one of the teams."), "team_id")
    if owner and not Seat.objects.filter(id=owner, is_active=True).exists():
        raise CannotSend(_("Choose a colleague who has a seat here."), "seat_id")
    values = {
        "name": facts.name.strip()[:120],
        "address": address,
        "signature": facts.signature.strip()[:LONGEST_SIGNATURE],
        "is_default": facts.is_default,
    }
    with operation("keep_identity"):
        if facts.is_default and owner:
            Identity.objects.filter(seat_id=owner, is_default=True).update(is_default=False)
        if identity is None:
            kept: Identity = Identity.objects.create(seat_id=owner, team_id=facts.team_id, **values)
            return kept
        Identity.objects.filter(id=identity.id).update(**values)
        identity.refresh_from_db()
    return identity


def _checked(actor: Entrance, facts: IdentityFacts, identity: Identity | None) -> str:
    try:
        address = checked_address(facts.address).lower()
    except NoAddress as trouble:
        raise CannotSend(str(trouble), "address") from trouble
    if identity is not None and address == identity.address:
        return address
    if sends_as(actor.seat_id, address) is not None and not facts.team_id and facts.seat_id in (None, actor.seat_id):
        # It leaves through their own account, to whose server the address belongs.
        return address
    domains = company_domains()
    if domains and not is_of_company(address, domains):
        facts_of = {"domains": ", ".join(domains)}
        raise CannotSend(
            _("Mail from elsewhere is taken for forgery. Use an address of your company: %(domains)s.") % facts_of,
            "address",
        )
    if address != actor.user.email.lower() and not may(actor, "manage"):
        raise CannotSend(
            _("You may send from %(email)s. Ask an administrator for another address.") % {"email": actor.user.email},
            "address",
        )
    return address


def remove_identity(*, actor: Entrance, identity: Identity) -> Operation:
    """Take a sender away; mail that waits under it is refused, and says so."""
    permit(actor, "write")
    if identity.seat_id != actor.seat_id:
        permit(actor, "manage")
    with operation("remove_identity") as done:
        Identity.objects.filter(id=identity.id).delete()
    return done
