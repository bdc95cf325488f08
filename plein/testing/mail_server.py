# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail server for tests: it keeps what it gets, and can refuse or die at any step of the conversation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from plein.testing.server import free_port

#: The steps at which it can die: before it says hello, at each command, before or after it kept the letter.
STEPS = ("connect", "EHLO", "MAIL", "RCPT", "before_keeping", "after_keeping")


@dataclass
class Kept:
    """One letter as it came in."""

    sender: str
    receivers: list[str]
    data: bytes


@dataclass
class Box:
    """What a mail server for tests does and what it got."""

    port: int
    kept: list[Kept] = field(default_factory=list)
    dies_at: str = ""
    refusals: dict[str, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    #: What lets somebody in, if it asks who they are.
    password: str = ""

    def answer(self, step: str, server: Any) -> str | None:
        """What it says at a step: nothing special, a refusal, or it hangs up."""
        self.steps.append(step)
        if self.dies_at == step:
            server.transport.abort()
            return "421 gone"
        return self.refusals.get(step)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        refusal = self.answer("EHLO", server)
        return [refusal] if refusal else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.answer("MAIL", server):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.answer("RCPT", server) or self.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refusal := self.answer("before_keeping", server):
            return refusal
        self.kept.append(Kept(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content or b""))
        return self.answer("after_keeping", server) or "250 OK"


class _Door(SMTP):
    def connection_made(self, transport: Any) -> None:
        if self.event_handler.dies_at == "connect":
            transport.abort()
            return
        super().connection_made(transport)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Door(
            self.handler,
            enable_SMTPUTF8=True,
            hostname="mail.plein.example",
            data_size_limit=30 * 1024 * 1024,
            authenticator=self._knows if self.handler.password else None,
            auth_require_tls=False,
        )

    def _knows(self, _server: Any, _session: Any, _envelope: Any, _way: str, told: Any) -> AuthResult:
        return AuthResult(success=told.password == self.handler.password.encode())


@contextmanager
def mail_server(password: str = "") -> Iterator[Box]:
    """A mail server on this machine while the block runs; what it does may be changed meanwhile."""
    box = Box(free_port(), password=password)
    controller = _Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
