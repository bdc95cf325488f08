# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user decides about addresses that an import or a connection left without a person."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from plein.channels.models import Connection, MailImport
from plein.core.operations import operation
from plein.moments.hearing.ours import book_of
from plein.moments.intake.book import AddressBook, wide_circles
from plein.moments.intake.people import PeopleMaker
from plein.moments.intake.plan import PlannedPerson
from plein.moments.intake.rows import fetch
from plein.moments.models import Proposal
from plein.moments.vocabulary import ProposalDecision
from plein.relations.domains import company_domain
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: As many at once as one page shows.
AT_ONCE = 500
_BIND = """
    UPDATE moments_participant SET relation_id = %s
     WHERE workspace_id = %s AND contact_point_id = %s AND relation_id IS NULL RETURNING moment_id, occurred_at
"""
_ORGANIZE = """
    INSERT INTO moments_participant
           (id, workspace_id, circle_id, moment_id, occurred_at, role, heard_name, relation_id, is_ours)
    SELECT uuidv7(), m.workspace_id, m.circle_id, m.id, m.occurred_at, 'for', '', %s, false
      FROM moments_moment m
     WHERE m.workspace_id = %s AND m.id = ANY(%s)
       AND NOT EXISTS (SELECT FROM moments_participant p WHERE p.workspace_id = m.workspace_id AND p.moment_id = m.id
                                                           AND p.role = 'for' AND p.relation_id = %s)
"""


def accept_proposals(*, actor: Entrance, mail_import: MailImport | Connection, ids: Sequence[UUID]) -> int:
    """Make persons of these addresses, and bind to them what they wrote and got."""
    permit(actor, "write")
    open_ones = list(_open(mail_import, ids).select_related("contact_point"))
    if not open_ones:
        return 0
    with operation("accept_proposals", count=len(open_ones)):
        book = _book(actor, mail_import)
        maker = PeopleMaker(book, actor.workspace_name, mail_import.id)
        maker.make([_planned(proposal) for proposal in open_ones])
        for proposal in open_ones:
            entry = book.known[proposal.contact_point.value]
            bound = fetch(_BIND, [entry.relation, actor.workspace_id, proposal.contact_point_id])
            if entry.organization and bound:
                moments = list({row[0] for row in bound})
                parameters = [entry.organization, actor.workspace_id, moments, entry.organization]
                fetch(f"{_ORGANIZE} RETURNING 1", parameters)
        _decide(open_ones, ProposalDecision.ACCEPTED)
        maker.ask_about_jobs(mail_import, {proposal.contact_point_id for proposal in open_ones})
    return len(open_ones)


def ignore_proposals(*, actor: Entrance, mail_import: MailImport | Connection, ids: Sequence[UUID]) -> int:
    """Let these addresses be nobody, for later imports too."""
    permit(actor, "write")
    open_ones = list(_open(mail_import, ids))
    with operation("ignore_proposals", count=len(open_ones)):
        _decide(open_ones, ProposalDecision.IGNORED)
    return len(open_ones)


def _book(actor: Entrance, mail_import: MailImport | Connection) -> AddressBook:
    if isinstance(mail_import, Connection):
        return book_of(mail_import, actor)
    return AddressBook(mail_import.circle_id, tuple(mail_import.ours), wide_circles(mail_import.circle_id))


def _open(mail_import: MailImport | Connection, ids: Sequence[UUID]) -> QuerySet[Proposal]:
    found: QuerySet[Proposal] = Proposal.objects.filter(
        id__in=list(ids)[:AT_ONCE], import_id=mail_import.id, decision=ProposalDecision.OPEN
    )
    return found


def _decide(proposals: Sequence[Proposal], decision: str) -> None:
    Proposal.objects.filter(id__in=[proposal.id for proposal in proposals]).update(decision=decision)


def _planned(proposal: Proposal) -> PlannedPerson:
    address = proposal.contact_point.value
    return PlannedPerson(
        addresses=(address,),
        name=proposal.name,
        title="",
        domain=company_domain(address),
        is_ours=False,
        rule="",
        is_named=True,
    )
