# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending through the account of a connection: mail as its own address leaves through its own server.

A connection sends when it has an outgoing server; it does so for its owner alone, and only what comes from the address
it is the account of, or from another that its owner proved to be theirs.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel

from plein.channels.connecting import settings_of, visit_of, way_out
from plein.channels.connectors.imap.sent import put_in_sent
from plein.channels.connectors.imap.settings import Settings
from plein.channels.live import Trouble
from plein.channels.models import Connection, ConnectionState
from plein.channels.smtp import PostRefused, Server, try_out


def outgoing(settings: BaseModel, *, is_inside: bool) -> Server | None:
    """The outgoing server that the settings of an account name, if they name one."""
    if not isinstance(settings, Settings) or not settings.smtp_host:
        return None
    return Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.user_name,
        settings.password.get_secret_value(),
        is_inside,
        settings.access_token.get_secret_value(),
    )


def check_outgoing(settings: BaseModel, *, is_inside: bool) -> None:
    """Try whether the outgoing server lets us in; raises Trouble."""
    server = outgoing(settings, is_inside=is_inside)
    if server is None:
        return
    try:
        try_out(server)
    except PostRefused as refusal:
        words = _("The outgoing server: %(reason)s") % {"reason": refusal.words}
        raise Trouble(words, is_lasting=refusal.permanent) from refusal


def sends_as(seat_id: UUID, address: str) -> Connection | None:
    """The connection through which its owner sends as this address, if there is one."""
    found = Connection.objects.filter(seat_id=seat_id, connector="imap").exclude(state=ConnectionState.PREVIEW)
    wanted = address.lower()
    return next((one for one in found.order_by("created_at", "id") if _sends(one, wanted)), None)


def _sends(one: Connection, address: str) -> bool:
    kept: dict[str, Any] = one.settings
    own = (one.account.lower(), str(kept.get("user_name")).lower(), *kept.get("aliases", ()))
    return bool(kept.get("smtp_host")) and address in own


def server_of_connection(one: Connection) -> Server | None:
    """The outgoing server of a connection with its password; raises Unopenable."""
    return outgoing(settings_of(one), is_inside=one.is_inside)


def copies_of(one: Connection) -> Callable[[str, bytes], str]:
    """What puts a letter with its Message-ID into the folder of sent mail of a connection; needs no database."""
    return partial(put_in_sent, visit_of(one, way_out(one)))
