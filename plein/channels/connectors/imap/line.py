# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line to an IMAP server, over a connection that goes only where it may, with certificates checked."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from plein.channels.connectors.imap.settings import Settings
from plein.channels.connectors.mail.limits import Limits
from plein.channels.live import Trouble, Visit

SECONDS = 60.0
LIMITS = Limits(message=50 * 1024 * 1024)


class _Protocol(imaplib.IMAP4):
    """The protocol over a connection that is there already."""

    def __init__(self, plug: socket.socket) -> None:
        self._plug = plug
        super().__init__()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        del timeout
        return self._plug

    def read(self, size: int) -> bytes:
        """So many bytes that the server announces: it may have told another size before."""
        if size > LIMITS.message:
            raise self.abort(f"a literal of {size} bytes")
        return super().read(size)


class _Client(IMAPClient):  # type: ignore[misc]
    def __init__(self, host: str, plug: socket.socket) -> None:
        self._plug = plug
        super().__init__(host, ssl=False, timeout=SECONDS)

    def _create_IMAP4(self) -> _Protocol:
        return _Protocol(self._plug)


@contextmanager
def signed_in(visit: Visit, settings: Settings) -> Iterator[IMAPClient]:
    """A session in which the account is open; whatever goes wrong in it is a Trouble in plain words."""
    named = settings.host[:80]
    plug: socket.socket | None = None
    client: IMAPClient | None = None
    try:
        plug = _protected(visit, settings)
        client = _Client(settings.host, plug)
        if settings.security == "starttls":
            client.starttls(ssl.create_default_context())
        _sign_in(client, settings)
        yield client
        with suppress(IMAPClientError, OSError):
            client.logout()
    except ssl.SSLCertVerificationError as trouble:
        raise Trouble(f"{named} has no certificate that can be trusted.") from trouble
    except LoginError as trouble:
        raise Trouble(f"{named} refuses the user name or the password.", is_lasting=True) from trouble
    except (IMAPClientError, imaplib.IMAP4.error, OSError, ValueError) as trouble:
        raise Trouble(f"{named} broke off the conversation.") from trouble
    finally:
        if client is not None:
            with suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
                client.shutdown()
        if plug is not None:
            plug.close()


def is_told(client: IMAPClient) -> bool:
    """Whether something was read from the line that nobody looked at yet: no poll of the socket tells of that."""
    plug = client.socket()
    before = plug.gettimeout()
    plug.settimeout(0)
    try:
        read = getattr(client._imap, "_file", None) or client._imap.file
        return bool(read.peek(1))
    except OSError:
        return False
    finally:
        plug.settimeout(before)


def _protected(visit: Visit, settings: Settings) -> socket.socket:
    plug = visit.net.plug(settings.host, settings.port)
    plug.settimeout(SECONDS)
    if settings.security == "none" and not plug.getpeername()[0].removeprefix("::ffff:").startswith(("127.", "::1")):
        plug.close()
        raise Trouble("Without protection Plein only speaks to a mail server on this machine.", is_lasting=True)
    if settings.security != "tls":
        return plug
    try:
        return ssl.create_default_context().wrap_socket(plug, server_hostname=settings.host)
    except BaseException:
        plug.close()
        raise


def _sign_in(client: IMAPClient, settings: Settings) -> None:
    token = settings.access_token.get_secret_value()
    if token:
        client.oauth2_login(settings.user_name, token)
    else:
        client.login(settings.user_name, settings.password.get_secret_value())
