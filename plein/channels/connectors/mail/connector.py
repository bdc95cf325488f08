# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mail connector: what a user chooses before an import, and the way in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from plein.channels.base import Cursor, Message, Unreadable
from plein.channels.connectors.mail.addresses import normal_address
from plein.channels.connectors.mail.limits import Limits
from plein.channels.connectors.mail.reader import read_messages

KIND = "mail"


class Settings(BaseModel):
    """What a mail import needs to know: who becomes a person, who we are, and who may see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: Literal["everyone", "answered", "nobody"] = "answered"
    ours: tuple[str, ...] = Field(default=(), max_length=1000)
    circle: str = Field(default="", max_length=200)
    roles: Path | None = None

    @field_validator("ours")
    @classmethod
    def _domains_or_addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for value in values:
            text = value.strip().lower().removeprefix("@")
            # An address with a made-up local part tells whether a domain is one.
            usable = normal_address(text) if "@" in text else normal_address(f"x@{text}").removeprefix("x@")
            if not usable or " " in usable:
                raise ValueError(f"{value!r} is neither a domain nor an address")
            found.append(usable)
        return tuple(dict.fromkeys(found))

    def is_ours(self, address: str) -> bool:
        """Tell whether an address is on our side: named itself, or in one of our domains or below it."""
        domain = address.rpartition("@")[2]
        return any(address == own if "@" in own else domain == own or domain.endswith(f".{own}") for own in self.ours)

    def domain(self) -> str:
        """Return the domain that completes addresses in a list of roles, or ""."""
        return next((own.rpartition("@")[2] for own in self.ours), "")


def read(
    path: Path, *, spool: Path, cursor: Cursor | None = None, limits: Limits | None = None
) -> Iterator[tuple[Cursor, Message | Unreadable]]:
    """Yield the messages of a mail store; the door every connector has."""
    return read_messages(path, spool=spool, cursor=cursor, limits=limits)
