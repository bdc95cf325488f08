# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page of a connection tells beside the connection itself: who waits, what was refused, what colleagues get."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count

from plein.channels.models import Connection, ConnectionProblem
from plein.moments.models import Proposal
from plein.moments.vocabulary import ProposalDecision
from plein.trust.models import Seat


def addresses_of_mailboxes() -> tuple[str, ...]:
    """The addresses of the mailboxes that are listened to: whatever else hears of them, they are ours."""
    found: dict[str, None] = {}
    for one in Connection.objects.filter(connector="imap").order_by("created_at", "id"):
        own = (one.account, str(one.settings.get("user_name", "")), *one.settings.get("aliases", []))
        found |= dict.fromkeys(address.lower() for address in own if "@" in address)
    return tuple(found)


def how_many_wait(connections: Sequence[UUID]) -> dict[UUID, int]:
    """How many addresses of each wait for somebody to say who they are."""
    waiting = Proposal.objects.filter(import_id__in=connections, decision=ProposalDecision.OPEN)
    return dict(waiting.values_list("import_id").annotate(number=Count("id")).order_by())


def how_many_refused(connections: Sequence[UUID]) -> dict[UUID, int]:
    """How many things each of them heard and could not take in."""
    refused = ConnectionProblem.objects.filter(connection_id__in=connections)
    return dict(refused.values_list("connection_id").annotate(number=Count("id")).order_by())


def owners_of(connections: Sequence[Connection]) -> dict[UUID | None, str]:
    """The names of those whose they are."""
    seats = {one.seat_id for one in connections if one.seat_id}
    return dict(Seat.objects.filter(id__in=seats).values_list("id", "user__name"))
