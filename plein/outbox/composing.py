# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what somebody wrote to the letter that leaves: receivers, text with signature and quote, HTML beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.letters import Mailbox
from plein.consent.queries import may_send, purpose_called
from plein.consent.vocabulary import PERSONAL
from plein.outbox.marks import as_html
from plein.outbox.models import Mail
from plein.outbox.queries.asking import who_knows
from plein.outbox.refusals import CannotSend
from plein.relations.queries import listed_addresses

MOST_RECEIVERS = 50


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a letter with where its parts begin, and the same as HTML."""

    text: str
    html: str
    signature_from: int | None
    quote_from: int | None


def draft_key(relation_id: UUID | None, answers_id: UUID | None) -> str:
    """Under which name a draft of a mail is kept; one about a relation shares that of its composer."""
    if answers_id is not None:
        return f"reply-{answers_id}"
    return f"relation-{relation_id}" if relation_id else "mail"


def boxes_of(listed: Iterable[Sequence[str]]) -> list[Mailbox]:
    """Mailboxes as a mail keeps them."""
    return [Mailbox(address, name) for name, address in listed]


def values_of(boxes: Iterable[Mailbox]) -> list[str]:
    """Addresses in the form in which they can be compared."""
    return [box.address.lower() for box in boxes]


def check_receivers(mail: Mail) -> None:
    """Raise CannotSend when there is nobody, there are too many, or there is no ground to write to somebody."""
    boxes = [box for listed in (mail.to, mail.cc, mail.bcc) for box in boxes_of(listed)]
    if not boxes:
        raise CannotSend(_("Say to whom this goes."), "to")
    if len(boxes) > MOST_RECEIVERS:
        facts = {"count": len(boxes), "most": MOST_RECEIVERS}
        raise CannotSend(_("This goes to %(count)s people; one mail goes to %(most)s at most.") % facts, "to")
    listed = listed_addresses(values_of(boxes))
    if listed:
        raise CannotSend(" ".join(one.words for one in listed.values()), _field_of(mail, next(iter(listed))))
    _check_ground(mail, values_of(boxes))


def _check_ground(mail: Mail, values: list[str]) -> None:
    """Nothing goes out without a ground: what for, and whether everybody it goes to lets us."""
    purpose = purpose_called(mail.purpose_key or PERSONAL)
    if purpose is None:
        raise CannotSend(_("What this mail is for is no longer in use. Choose another purpose."), "purpose")
    stops = may_send(values, purpose, ask=who_knows)
    if stops:
        field = (
            "purpose" if any(one.reason == "unfit" for one in stops.values()) else _field_of(mail, next(iter(stops)))
        )
        raise CannotSend(" ".join(dict.fromkeys(one.words for one in stops.values())), field)


def _field_of(mail: Mail, address: str) -> str:
    for name in ("to", "cc", "bcc"):
        if address in values_of(boxes_of(getattr(mail, name))):
            return name
    return "to"


def body_of(text: str, signature: str, quoted: str) -> Body:
    """Put the text, the signature under it and what it answers together."""
    parts, html = [text.strip("\n")], [as_html(text)]
    signature_from = quote_from = None
    if signature.strip():
        signature_from = len(parts[0]) + 2
        parts.append("-- \n" + signature.strip("\n"))
        html.append(f"<div>-- <br>{as_html(signature)}</div>")
    if quoted.strip():
        quote_from = sum(len(part) for part in parts) + 2 * len(parts)
        parts.append(quoted.strip("\n"))
        html.append(as_html(quoted))
    return Body("\n\n".join(parts), "\n".join(html), signature_from, quote_from)
