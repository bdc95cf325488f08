# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link to somebody's own page in a mail to them. It is made when the letter leaves and stands in that letter only:
colleagues who read the mail here see `{{my_page}}`, for the link opens the page of whoever holds it.
"""

import re
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from plein.outbox.composing import boxes_of, values_of
from plein.outbox.models import Mail
from plein.outbox.queries import relation_behind
from plein.outbox.refusals import CannotSend
from plein.relations.models import Relation
from plein.trust.seats import Entrance

MARK = re.compile(r"\{\{\s*my_page\s*\}\}", re.IGNORECASE)

type MakeLink = Callable[[Entrance, Relation, str], str]
type InFooter = Callable[[], bool]
_makers: list[tuple[MakeLink, InFooter]] = []


def offer_own_page(make: MakeLink, in_footer: InFooter) -> None:
    """Name who makes these links. Only `plein/subscriptions.py` calls this."""
    _makers[:] = [(make, in_footer)]


def check_own_page(mail: Mail) -> None:
    """Raise CannotSend when the mail is to hold such a link and goes to more than one."""
    if MARK.search(mail.text) and _only_address(mail) is None:
        raise CannotSend(_("A link to somebody’s own page goes to one address only: take the others out."), "to")


def with_own_page(actor: Entrance, mail: Mail, signature: str) -> tuple[str, str, bool]:
    """The text and the signature of a letter that leaves now, with its link where it is to have one, and whether."""
    is_named = MARK.search(mail.text) is not None
    if not is_named and not any(in_footer() for _make, in_footer in _makers):
        return mail.text, signature, False
    link, language = _link(actor, mail)
    if not link:
        if is_named:
            raise CannotSend(
                _("There is no page to link to: this address is not of one person alone. Take {{my_page}} out.")
            )
        return mail.text, signature, False
    if is_named:
        return MARK.sub(lambda _found: link, mail.text), signature, True
    with translation.override("nl" if language[:2] == "nl" else "en"):
        words = _("What we have about you, and what you get for it: %(link)s") % {"link": link}
    return mail.text, f"{signature}\n\n{words}".strip(), True


def _only_address(mail: Mail) -> str | None:
    values = values_of(boxes_of([*mail.to, *mail.cc, *mail.bcc]))
    return values[0] if len(values) == 1 else None


def _link(actor: Entrance, mail: Mail) -> tuple[str, str]:
    address = _only_address(mail)
    relation = relation_behind([address], mail.relation_id).get(address) if address else None
    if relation is None or address is None:
        return "", ""
    made = (make(actor, relation, address) for make, _in_footer in _makers)
    return next((link for link in made if link), ""), relation.language
