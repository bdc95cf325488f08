# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Subquery

from plein.channels.models import MailServer
from plein.channels.own_post import sends_as
from plein.outbox.models import Identity
from plein.trust.models import TeamMember, Workspace
from plein.trust.seats import Entrance

#: The sender that everybody has without choosing one.
OWN = "own"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail may come from: its key in a form, and what it stands for. Replies go to `reply_to`, or the address."""

    key: str
    name: str
    address: str
    signature: str = ""
    reply_to: str = ""
    identity_id: UUID | None = None
    is_shared: bool = False

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


def _company() -> tuple[list[str], str]:
    """Our domains, and the address from which the company's own letters come, if there is a mail server."""
    server = MailServer.objects.order_by("created_at", "id").values("sender")[:1]
    domains, sender = Workspace.objects.annotate(sender=Subquery(server)).values_list("domains", "sender").get()
    own = [sender.rpartition("@")[2]] if sender else []
    return list(dict.fromkeys([*domains, *own])), sender or ""


def company_domains() -> list[str]:
    """The domains from which our mail may come: those of the company and that of its mail server."""
    return _company()[0]


def is_of_company(address: str, domains: list[str] | None = None) -> bool:
    """Whether an address is in one of our domains, or below one."""
    domain = address.rpartition("@")[2].lower()
    known = company_domains() if domains is None else domains
    return any(domain == own or domain.endswith(f".{own}") for own in known)


def senders_of(actor: Entrance) -> list[Sender]:
    """Who the actor may send as, the first choice first. There is always one."""
    teams = TeamMember.objects.filter(seat_id=actor.seat_id).values("team_id")
    rows = Identity.objects.filter(Q(seat_id=actor.seat_id) | Q(team_id__in=teams))
    found = sorted(rows, key=lambda one: (not one.is_default or one.seat_id is None, one.seat_id is None, one.name))
    senders = [
        Sender(str(one.id), one.name, one.address, one.signature, "", one.id, one.team_id is not None) for one in found
    ]
    if not any(not one.is_shared for one in senders):
        senders.insert(0, _own(actor))
    return senders


def _own(actor: Entrance) -> Sender:
    """The actor's own address where it is one of ours; otherwise the company's, with replies to the actor."""
    domains, company = _company()
    address = actor.user.email
    if not company or is_of_company(address, domains) or sends_as(actor.seat_id, address) is not None:
        return Sender(OWN, actor.user.name, actor.user.email)
    return Sender(OWN, actor.user.name, company, reply_to=actor.user.email)


def sender_named(actor: Entrance, key: str) -> Sender | None:
    """The sender behind a key, when the actor may send as that one; the first one without a key."""
    return chosen(senders_of(actor), key)


def chosen(senders: list[Sender], key: str) -> Sender | None:
    """The sender behind a key among these; the first one without a key."""
    return next((one for one in senders if one.key == key), None) if key else senders[0]
