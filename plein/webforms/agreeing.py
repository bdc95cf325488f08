# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody said yes to on a form, as a decision with its evidence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plein.consent.actions import Answer, record_consents
from plein.consent.actions.deciding import Said, record_waiting
from plein.consent.models import Purpose
from plein.consent.queries import purpose_of
from plein.consent.vocabulary import How, State
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.relations.vocabulary import ContactKind
from plein.trust.seats import Entrance
from plein.webforms.bringing import Brought
from plein.webforms.models import Submission
from plein.webforms.queries import words_shown


def agreed_in(one: Submission) -> list[Purpose]:
    """The purposes somebody said yes to that are still in use, each with the words that were shown."""
    found = []
    for key, text in dict(one.yes).items():
        purpose, shown = purpose_of(UUID(key)), words_shown(UUID(text))
        if purpose is not None and shown is not None and not purpose.is_retired:
            purpose.wording = shown
            found.append(purpose)
    return found


def note_yes(actor: Entrance, one: Submission, agreed: Sequence[Purpose], brought: Brought) -> None:
    """Note what somebody said yes to. When the address is nobody's own, such as that of a desk, it is noted with that.

    In a narrower circle that stays with the contact moment, for a yes of an address is seen by everybody.
    """
    said = [_said(one, purpose, brought) for purpose in agreed]
    if brought.person is not None:
        record_consents(actor=actor, answers=[Answer(**each, relation=brought.person) for each in said])
    elif said and one.form.circle_id == default_circle_id():
        record_waiting(actor=actor, said=[Said(**each) for each in said])


def _said(one: Submission, purpose: Purpose, brought: Brought) -> dict[str, Any]:
    """A yes with its evidence: the form, the version of its words, and when the link was used."""
    facts = {
        "title": one.text.title,
        "number": one.text.number,
        "filled": date_format(localtime(one.came_at), "j F Y H:i"),
        "confirmed": date_format(localtime(now()), "j F Y H:i"),
    }
    words = _("Form “%(title)s”, version %(number)s: filled in on %(filled)s, confirmed by the link on %(confirmed)s.")
    return {
        "purpose": purpose,
        "state": State.GIVEN,
        "how": How.FORM,
        "point_kind": str(ContactKind.EMAIL),
        "point_value": one.email,
        "note": words % facts,
        "moment_id": brought.moment_id,
    }
