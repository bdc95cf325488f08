# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a contact moment of what somebody filled in, with whoever it is: found by their address, or new."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from plein.channels.base import Address, Message, Unreadable
from plein.core import blobs
from plein.moments.intake.batch import Batch
from plein.moments.intake.book import AddressBook, key_of_address, wide_circles
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.lease import one_writer_at_a_time
from plein.moments.intake.names import clean_name
from plein.moments.intake.newcomers import Newcomers
from plein.moments.intake.plan import PlannedPerson
from plein.moments.models import Gives, MomentSource, Participant
from plein.moments.queries.sharing import Rule, Rules
from plein.moments.vocabulary import ParticipantRole
from plein.relations.contact import ContactError, phone
from plein.relations.digests import digests_of
from plein.relations.models import ErasedAddress, Relation
from plein.trust.models import Workspace
from plein.webforms.answering import name_in, title_of
from plein.webforms.models import Submission
from plein.webforms.vocabulary import Part


@dataclass(frozen=True, slots=True)
class Brought:
    """The contact moment, and the person it is of; none when the address is that of an organization or of ours."""

    moment_id: UUID
    person: Relation | None


def bring_in(one: Submission, text: str) -> Brought:
    """Write the contact moment, in the operation of the caller.

    Their address is theirs for certain, for they proved it. Whose it is already stays as they are, whatever name was
    filled in; a telephone number that nobody proved goes to somebody new only, and only when it is nobody's.
    """
    one_writer_at_a_time()
    company: Workspace = Workspace.objects.get()
    circle = one.form.circle_id
    # Whoever was erased and comes back by themselves is somebody new.
    ErasedAddress.objects.filter(digest__in=digests_of("email", one.email)).delete()
    book = AddressBook(circle, tuple(company.domains), wide_circles(circle))
    message = _message(one, text, _addresses(one, company.country))
    _welcome(message.addresses, book, name_in(one), one.form_id)
    rules = Rules(Rule(Gives.EVERYTHING, circle))
    Batch(Bringer(one.form_id, circle, blobs.folder(), rules, _nothing_is_refused), book).write([message])
    source = MomentSource.objects.get(import_id=one.form_id, external_id=message.external_id)
    writer = Participant.objects.filter(moment_id=source.moment_id, role=ParticipantRole.FROM).first()
    whom = writer.relation_id if writer is not None else None
    person: Relation | None = Relation.objects.filter(id=whom).first() if whom else None
    return Brought(source.moment_id, person if person is not None and person.is_person else None)


def _addresses(one: Submission, country: str) -> tuple[Address, ...]:
    name = name_in(one)
    found = [Address("from", name, one.email)]
    number = str(one.answers.get(Part.PHONE) or "")
    if number:
        # It was checked when it was filled in; what cannot be read any more stands in the text.
        with suppress(ContactError):
            found.append(Address("reply_to", name, phone(number, country=country).value, "phone"))
    return tuple(found)


def _message(one: Submission, text: str, addresses: tuple[Address, ...]) -> Message:
    return Message(
        external_id=f"form:{one.id}",
        fingerprint=f"form:{one.id}",
        sent_at=one.came_at,
        subject=title_of(one.text),
        subject_key="",
        text=text,
        html="",
        quote_from=None,
        signature_from=None,
        addresses=addresses,
        in_reply_to=(),
        references=(),
        nature="personal",
        list_id="",
        list_name="",
        bounces=(),
        attachments=(),
        invitations=(),
        folder="",
        mailbox=str(one.form_id),
        position=0,
        size=len(text),
        defects=(),
        kind="chat",
    )


def _welcome(addresses: Sequence[Address], book: AddressBook, name: str, form_id: UUID) -> None:
    """Make a person of whoever has this address, when it is nobody's yet."""
    book.learn_all(addresses)
    email, *others = (key_of_address(address) for address in addresses)
    entry = book.known.get(email)
    if entry is None or entry.relation is not None or entry.is_ours:
        return
    free = [key for key in others if (known := book.known.get(key)) and known.relation is None and not known.is_ours]
    called = clean_name(name) or addresses[0].address[:300]
    planned = PlannedPerson((email, *free), called, "", "", False, "", is_named=False)
    Newcomers(book, "everyone", form_id).settle([planned], [])


def _nothing_is_refused(problems: Sequence[Unreadable]) -> None:
    """What comes this far is a message."""
    raise ValueError(problems)
