# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts what was sent into the folder of sent mail, once, so that other mail programs show it too."""

from collections.abc import Sequence

from imapclient import IMAPClient

from plein.channels.connectors.imap.line import signed_in
from plein.channels.connectors.imap.settings import Settings
from plein.channels.live import Trouble, Visit

#: What the folder is called where the server does not say which one it is.
_NAMES = ("sent", "sent items", "sent messages", "sent mail", "verzonden", "verzonden items", "gesendet", "envoyés")


def put_in_sent(visit: Visit, message_id: str, data: bytes) -> str:
    """Put a letter into the folder of sent mail, unless it is there; returns the folder. Raises Trouble."""
    settings = visit.settings
    if not isinstance(settings, Settings):
        raise TypeError(type(settings))
    with signed_in(visit, settings) as client:
        folder = _sent_folder(client)
        if folder is None:
            raise Trouble(f"{settings.host[:80]} has no folder of sent mail.", is_lasting=True)
        client.select_folder(folder, readonly=True)
        # Some providers keep what goes through their own outgoing server.
        if not client.search(["HEADER", "Message-ID", f"<{message_id}>"]):
            client.append(folder, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), flags=[b"\\Seen"])
    return folder


def _sent_folder(client: IMAPClient) -> str | None:
    found: list[tuple[Sequence[bytes], bytes, str]] = client.list_folders()
    for flags, _delimiter, name in found:
        if b"\\sent" in {flag.lower() for flag in flags}:
            return name
    for _flags, delimiter, name in found:
        if name.rpartition(delimiter.decode() if delimiter else "/")[2].lower() in _NAMES:
            return name
    return None
