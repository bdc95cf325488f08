# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for the proof that somebody reads the mail to another address of theirs: a letter there names a page."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from plein.channels import actions
from plein.channels.models import Connection
from plein.trust.rates import MAILS_IN_TEN, slow_down
from plein.trust.seats import Entrance


def ask_for_proof(actor: Entrance, connection: Connection, address: str) -> str:
    """Send the letter, and return the address it goes to; raises NotUsable, Unopenable, PostRefused, PostUncertain."""
    slow_down("mail", actor.user.id, most=MAILS_IN_TEN, minutes=10)
    wanted, proof = actions.want_alias(actor=actor, connection=connection, address=address)
    path = reverse("moments:connection_proof", args=[connection.id])
    link = f"{settings.PLEIN_URL.rstrip('/')}{path}?{urlencode({'proof': proof})}"
    actions.send_proof(actor=actor, connection=connection, address=wanted, link=link)
    return wanted
