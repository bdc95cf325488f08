# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of this domain share."""

from typing import Any
from uuid import UUID

from django.http import Http404

from plein.outbox.models import Mail
from plein.outbox.queries import mail_of


def found_mail(mail_id: UUID) -> Mail:
    """A mail the reader may see; for everything else there is nothing at that address."""
    mail = mail_of(mail_id)
    if mail is None:
        raise Http404
    return mail


def uuid_or_none(text: Any) -> UUID | None:
    """An id, or nothing for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
