# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other domains put into a letter when it leaves, and nobody reads here: a link that only its reader may have.

In the mail as colleagues see it stands the mark.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from plein.outbox.models import Mail
from plein.outbox.refusals import CannotSend
from plein.trust.seats import Entrance

type Fill = Callable[[Entrance, Mail], str]
_fillings: dict[str, Fill] = {}


def offer_filling(mark: str, fill: Fill) -> None:
    """Name what takes the place of a mark. Only `plein/subscriptions.py` calls this."""
    _fillings[mark] = fill


def filled(actor: Entrance, mail: Mail, text: str) -> tuple[str, bool]:
    """The text of a letter that leaves now, and whether it holds what nobody else should read."""
    is_secret = False
    for mark, fill in _fillings.items():
        if mark not in text:
            continue
        made = fill(actor, mail)
        if not made:
            raise CannotSend(_("What this mail asks was withdrawn or answered already, so it does not leave."))
        text, is_secret = text.replace(mark, made), True
    return text, is_secret
