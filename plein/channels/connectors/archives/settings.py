# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user says about an archive before it is read."""

from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

type Kind = Literal[
    "linkedin",
    "twitter",
    "mastodon",
    "whatsapp",
    "telegram",
    "slack",
    "discourse",
    "stackexchange",
    "facebook",
    "instagram",
    "signal",
]
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)


class Settings(BaseModel):
    """Which network an archive is of, whose it is, and on which clock its times are.

    ``owner`` holds what the owner is called in it: names, addresses, numbers. The kind is guessed when it is "". Some
    chats write the time without saying where: ``zone`` is the clock they are read on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind | Literal[""] = ""
    owner: tuple[str, ...] = Field(default=(), max_length=50)
    zone: str = Field(default="UTC", max_length=60)

    @field_validator("zone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not the name of a time zone") from error
        return value
