# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a letter to a mail server, so that one always knows whether it took it, or knows that one cannot know."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from plein.core import outside

CONNECT_SECONDS = 20
#: A server may take its time over a letter; RFC 5321 allows it ten minutes, but a worker has more to do.
ANSWER_SECONDS = 90


class PostRefused(Exception):
    """The letter was not taken, and nobody has it; `words` say why, for people. `permanent`: asking again is no use."""

    def __init__(self, *, permanent: bool, words: str) -> None:
        super().__init__(words)
        self.permanent, self.words = permanent, words


class PostUncertain(Exception):
    """The line broke after the letter went over it and before the answer: nobody can know whether it was taken."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to get in."""

    host: str
    port: int
    security: str
    user_name: str = ""
    password: str = field(default="", repr=False)
    is_inside: bool = False
    token: str = field(default="", repr=False)


class _Line(smtplib.SMTP):
    """SMTP over a connection that goes only where it may."""

    def __init__(self, server: Server, greeting: str = "localhost") -> None:
        self.server = server
        super().__init__(timeout=CONNECT_SECONDS, local_hostname=greeting)

    def open(self) -> None:
        """Connect and greet, protected as the server's settings say."""
        host = outside.host_name(self.server.host)
        self._host = host
        code, words = self.connect(host, self.server.port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, words)
        self.ehlo_or_helo_if_needed()
        if self.server.security == "starttls":
            self.starttls(context=ssl.create_default_context())
            self.ehlo_or_helo_if_needed()
        if self.server.token:
            # Servers of providers take an OAuth2 token instead of a password.
            told = f"user={self.server.user_name}\x01auth=Bearer {self.server.token}\x01\x01"
            self.auth("XOAUTH2", lambda _challenge=None: told)
        elif self.server.user_name:
            self.login(self.server.user_name, self.server.password)
        if self.sock is not None:
            self.sock.settimeout(ANSWER_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plug = outside.connect(host, port, timeout=timeout, may_be_inside=self.server.is_inside)
        if self.server.security == "none" and not plug.getpeername()[0].removeprefix("::ffff:").startswith(
            ("127.", "::1")
        ):
            plug.close()
            raise outside.NotAllowed(_("Without protection Plein only speaks to a mail server on this machine."))
        if self.server.security == "tls":
            return ssl.create_default_context().wrap_socket(plug, server_hostname=host)
        return plug


def hand_over(
    server: Server,
    sender: str,
    receivers: Sequence[str],
    data: bytes,
    before_data: Callable[[], None] | None = None,
) -> dict[str, str]:
    """Give a letter to a server and return which receivers it refused, with its words.

    `before_data` runs when the server has agreed to the sender and to the receivers; what it raises leaves the letter
    with us. Raises PostRefused or PostUncertain.
    """
    line = _Line(server, sender.rpartition("@")[2])
    try:
        try:
            line.open()
            refused = _envelope(line, sender, receivers, data)
        except (OSError, smtplib.SMTPException, ValueError) as trouble:
            raise refusal_of(trouble) from trouble
        if before_data is not None:
            before_data()
        _data(line, data)
        return refused
    finally:
        _leave(line)


def try_out(server: Server) -> None:
    """Connect, greet, sign in and leave again; raises PostRefused with the reason in words."""
    line = _Line(server)
    try:
        line.open()
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        raise refusal_of(trouble) from trouble
    finally:
        _leave(line)


def _envelope(line: smtplib.SMTP, sender: str, receivers: Sequence[str], data: bytes) -> dict[str, str]:
    options = []
    if not all(address.isascii() for address in (sender, *receivers)):
        if not line.has_extn("smtputf8"):
            raise PostRefused(permanent=True, words=_("Your mail server cannot write to an address with such letters."))
        options = ["SMTPUTF8"]
        line.command_encoding = "utf-8"
    limit = line.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(data):
        size = {"size": _megabytes(len(data)), "limit": _megabytes(int(limit))}
        raise PostRefused(
            permanent=True, words=_("This mail is %(size)s MB; your mail server takes %(limit)s MB at most.") % size
        )
    if line.does_esmtp and line.has_extn("size"):
        options.append(f"SIZE={len(data)}")
    code, words = line.mail(sender, options)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    refused: dict[str, str] = {}
    for address in receivers:
        code, words = line.rcpt(address)
        if 400 <= code < 500 or code == -1:
            # All of them or none: whoever is not ready now would miss a letter that others have.
            raise smtplib.SMTPResponseException(code, words)
        if code not in (250, 251):
            refused[address] = said(code, words)
    if len(refused) == len(receivers):
        raise PostRefused(permanent=True, words=" ".join(dict.fromkeys(refused.values())))
    return refused


def _data(line: smtplib.SMTP, data: bytes) -> None:
    """The letter itself. After its last dot only the server's answer tells whether it was taken."""
    is_over = False
    body = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    try:
        code, words = line.docmd("data")
        if code == 354:
            line.send(re.sub(rb"(?m)^\.", b"..", body).removesuffix(b"\r\n") + b"\r\n")
            is_over = True
            line.send(".\r\n")
            code, words = line.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        raise PostUncertain(broken_line()) if is_over else refusal_of(trouble) from trouble
    if is_over and not 200 <= code < 600:
        raise PostUncertain(broken_line())
    if not (is_over and 200 <= code < 300):
        raise PostRefused(permanent=code >= 500, words=said(code, words))


def broken_line() -> str:
    """What there is to say when nobody can know whether a letter was taken."""
    return _("The line to your mail server broke while it was taking this mail. It may have gone or not.")


def _leave(line: smtplib.SMTP) -> None:
    """Say goodbye without waiting for the answer: what was settled stays settled."""
    try:
        if line.sock is not None:
            line.sock.settimeout(2)
            line.send("quit\r\n")
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        line.close()


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


def said(code: int, words: bytes | str) -> str:
    """The answer of a mail server as a sentence."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:300]
    return _("The mail server said: %(words)s") % {"words": f"{code} {clean}".strip()}


def refusal_of(trouble: Exception) -> PostRefused:
    """What went wrong before the letter went over the line, in words.

    Only an answer about the letter is final. What is wrong with the server or its settings can be repaired, and the
    letter waits for that.
    """
    if isinstance(trouble, PostRefused):
        return trouble
    is_final = False
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        words = _("The mail server does not accept the user name and password.")
    elif isinstance(trouble, smtplib.SMTPNotSupportedError):
        words = _("The mail server does not offer this kind of protection, or no signing in.")
    elif isinstance(trouble, smtplib.SMTPResponseException):
        is_greeting = isinstance(trouble, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
        is_final = trouble.smtp_code >= 500 and not is_greeting
        words = said(trouble.smtp_code, trouble.smtp_error)
    elif isinstance(trouble, outside.Unreachable):
        words = str(trouble)
    elif isinstance(trouble, ssl.SSLCertVerificationError):
        words = _("The mail server shows a certificate that is not its own, or has expired.")
    elif isinstance(trouble, ssl.SSLError):
        words = _("The protected line to the mail server could not be made.")
    elif isinstance(trouble, ValueError):
        words = _("The name of the mail server cannot be read.")
    else:
        words = _("The mail server does not answer, or hung up.")
    return PostRefused(permanent=is_final, words=words)
