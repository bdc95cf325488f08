# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail as its reader sees it.

What was typed holds names and addresses. Once the mail is on a timeline it tells of them what the moment tells: who is
hidden there is hidden here, and so are a subject and a file that are for fewer.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any
from uuid import UUID

from plein.moments.models import Attachment, MomentSubject, Participant
from plein.outbox.models import Mail, MailFile
from plein.relations.models import Relation

LISTS = ("to", "cc", "bcc")


def as_seen(mails: Iterable[Mail]) -> list[Mail]:
    """Copies to be shown, never to be saved."""
    shown = [copy(one) for one in mails]
    related = {one.relation_id for one in shown if one.relation_id is not None}
    known = set(Relation.objects.filter(id__in=related).values_list("id", flat=True)) if related else set()
    for one in shown:
        if one.relation_id is not None and one.relation_id not in known:
            one.relation_id = None
    recorded = [one.moment_id for one in shown if one.moment_id is not None]
    if recorded:
        addresses, subjects = _addresses_in(recorded), _subjects_of(recorded)
        for one in shown:
            if one.moment_id is not None:
                _show(one, addresses.get(one.moment_id, set()), one.moment_id in subjects)
    return shown


def files_seen(mail: Mail) -> list[MailFile]:
    """The files that went along, as far as the reader sees them."""
    files = list(MailFile.objects.filter(mail_id=mail.id).order_by("id"))
    if mail.body_id is None or not files:
        return files
    seen = set(Attachment.objects.filter(text_id=mail.body_id).values_list("name", flat=True))
    return [one for one in files if one.name in seen]


def _addresses_in(moments: list[UUID]) -> dict[UUID, set[str]]:
    """The addresses that the reader sees in moments."""
    found: dict[UUID, set[str]] = {}
    parts = Participant.objects.filter(moment_id__in=moments, contact_point__isnull=False)
    for moment, address in parts.values_list("moment_id", "contact_point__value"):
        found.setdefault(moment, set()).add(str(address).lower())
    return found


def _subjects_of(moments: list[UUID]) -> set[UUID]:
    return set(MomentSubject.objects.filter(moment_id__in=moments).values_list("moment_id", flat=True))


def _show(mail: Mail, addresses: set[str], has_subject: bool) -> None:
    whole = [box for name in LISTS for box in getattr(mail, name)]
    for name in LISTS:
        setattr(mail, name, [box for box in getattr(mail, name) if _is_among(box, addresses)])
    mail.refused = {one: why for one, why in mail.refused.items() if one.lower() in addresses}
    if not all(_is_among(box, addresses) for box in whole):
        # A server's answer quotes the address it is about.
        mail.reason = ""
    if not has_subject:
        mail.subject = ""


def _is_among(box: Any, addresses: set[str]) -> bool:
    return str(box[1]).lower() in addresses
