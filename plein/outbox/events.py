# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class MailQueued(Event):
    """A mail is to leave at a time; `seat_id` is whose it is."""

    mail_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class MailSent(Event):
    """The mail server took a mail; `refused` addresses did not get it."""

    mail_id: UUID
    moment_id: UUID | None
    seat_id: UUID
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailRefused(Event):
    """A mail did not leave and will not by itself; its page says why."""

    mail_id: UUID
    moment_id: UUID | None
    seat_id: UUID


@dataclass(frozen=True, slots=True)
class MailUncertain(Event):
    """Nobody can know whether a mail left: its writer is to decide."""

    mail_id: UUID
    moment_id: UUID | None
    seat_id: UUID
