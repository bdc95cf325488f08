# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often visitors may send a form and try links, counted before anything is looked up."""

from uuid import uuid5

from django.http import HttpRequest

from plein.trust.actions.links import digest_of
from plein.trust.addresses import remote_address
from plein.trust.rates import COUNTED, seconds_to_wait

#: So often a form may be sent in ten minutes: from one place, and by everybody together; and so often a link be opened.
MINUTES, FROM_ONE_PLACE, OF_ONE_FORM, LINKS = 10, 10, 300, 60


def sent_too_often(request: HttpRequest, key: str) -> int:
    """How many seconds to wait when a form was sent too often, from here or by everybody; counted whoever sends it."""
    here = _wait(f"form\n{digest_of(key)}\n{remote_address(request)}", FROM_ONE_PLACE)
    return here or _wait(f"form\n{digest_of(key)}", OF_ONE_FORM)


def tried_too_often(request: HttpRequest) -> int:
    """The same for links: whoever guesses is told to wait."""
    return _wait(f"link of a form\n{remote_address(request)}", LINKS)


def _wait(what: str, most: int) -> int:
    return seconds_to_wait(uuid5(COUNTED, what), most=most, minutes=MINUTES)
