# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the REST door to webhooks takes and gives. A secret is in the answer that made it, and in no other."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from plein.channels.models import Policy
from plein.core.payloads import Payload
from plein.hooks.vocabulary import Happening, Place, Preset, Signing
from plein.trust.audience import Circle

type Name = Annotated[str, Field(max_length=120)]
type Address = Annotated[str, Field(max_length=1000)]
type Mapping = Annotated[
    dict[Place, Annotated[str, Field(max_length=500)]],
    Field(max_length=20, description="For each word of ours the JSON pointer to the value in a call that means it."),
]


class CallerOut(BaseModel):
    """A program that tells us something; `wrong` counts the calls that were turned away at the door."""

    id: UUID
    name: str
    preset: str
    signing: str
    policy: str
    mapping: dict[str, str]
    is_open: bool
    is_ready: bool
    seen_by: str
    counts: dict[str, int]
    last_at: datetime | None
    wrong: int
    wrong_why: str
    wrong_at: datetime | None


class CallerOpened(CallerOut):
    """A program with what is told this once: the address it calls, and the secret it signs with (empty for none)."""

    address: str
    secret: str


class CallerList(BaseModel):
    """The programs that tell us something, the oldest first."""

    items: list[CallerOut]


class CallOut(BaseModel):
    """A call of a program, and what became of it."""

    id: UUID
    key: str
    state: str
    reason: str
    received_at: datetime
    handled_at: datetime | None
    moment: UUID | None


class CallList(BaseModel):
    """A page of calls, the last first, and where the next page starts."""

    items: list[CallOut]
    next: str | None


class TargetOut(BaseModel):
    """A program that is told what happens here, and how that goes."""

    id: UUID
    name: str
    url: str
    happenings: list[str]
    is_wide_only: bool
    is_inside: bool
    state: str
    problem: str
    reached_at: datetime | None
    next_try_at: datetime | None
    looked_after_by: UUID | None


class TargetOpened(TargetOut):
    """A program with the secret that is told this once."""

    secret: str


class TargetList(BaseModel):
    """The programs that are told, the oldest first."""

    items: list[TargetOut]


class TellingOut(BaseModel):
    """A message to a program: of which record, and how it goes. Its `webhook-id` is `msg_` and this id."""

    id: UUID
    happening: str
    record: UUID
    operation: UUID | None
    happened_at: datetime
    state: str
    attempts: int
    status: int | None
    problem: str
    next_try_at: datetime
    done_at: datetime | None


class TellingList(BaseModel):
    """A page of messages, the last first, and where the next page starts."""

    items: list[TellingOut]
    next: str | None


class CountAgain(BaseModel):
    """How many it was."""

    count: int


class TrialOut(BaseModel):
    """Whether a message that says nothing arrived, and otherwise what was wrong."""

    arrived: bool
    problem: str


class NewCaller(Payload):
    """A program that is to tell us something; without a `secret` it gets one, when it signs."""

    name: Name
    preset: Preset = Preset.TELEPHONE
    signing: Signing = Signing.STANDARD
    policy: Policy = Policy.NOBODY
    circle: Circle = "everyone"
    secret: Annotated[str, Field(max_length=500)] = ""
    mapping: Mapping | None = None


class CallerChanges(Payload):
    """What is to be otherwise; what is left out stays."""

    name: Name | None = None
    policy: Policy | None = None
    mapping: Mapping | None = None


class SecretGiven(Payload):
    """A secret that the other side gave; without one, Plein makes it."""

    secret: Annotated[str, Field(max_length=500)] = ""


class OnceMore(Payload):
    """One call or message by its id; all that failed, when none is named."""

    id: UUID | None = None


class NewTarget(Payload):
    """A program that is to be told."""

    name: Name
    url: Address
    happenings: Annotated[list[Happening], Field(max_length=40)]
    is_wide_only: bool = True
    is_inside: bool = False


class TargetChanges(Payload):
    """What is to be otherwise; what is left out stays. Whoever changes it looks after it from then on."""

    name: Name | None = None
    url: Address | None = None
    happenings: Annotated[list[Happening], Field(max_length=40)] | None = None
    is_wide_only: bool | None = None
    is_inside: bool | None = None
