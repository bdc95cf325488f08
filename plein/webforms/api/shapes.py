# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the REST door to forms for websites takes and gives."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from plein.core.payloads import Payload
from plein.trust.audience import Circle
from plein.webforms.vocabulary import Need, Part, Work

type Name = Annotated[str, Field(max_length=120)]
type Words = Annotated[str, Field(max_length=2000)]
type Address = Annotated[str, Field(max_length=1000)]
type Asks = Annotated[
    dict[Part, Need], Field(max_length=10, description="How each part is asked; the e-mail address always is.")
]
type Own = Annotated[
    list[Annotated[str, Field(max_length=60)]],
    Field(max_length=100, description="The keys of the company's own fields of people that are asked."),
]
type Purposes = Annotated[
    list[UUID], Field(max_length=60, description="What a visitor may say yes to: purposes by mail that need a yes.")
]
type Origins = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    Field(max_length=40, description="The websites that may frame it, such as https://www.example.com."),
]


class FormWords(BaseModel):
    """One version of all that a visitor reads and is asked."""

    id: UUID
    number: int
    title_nl: str
    title_en: str
    intro_nl: str
    intro_en: str
    thanks_nl: str
    thanks_en: str
    thanks_url: str
    asks: dict[str, str]
    own: list[str]
    purposes: list[UUID]
    created_at: datetime


class FormWordsList(BaseModel):
    """All the words a form ever had, the newest first."""

    items: list[FormWords]


class FormOut(BaseModel):
    """A form with the words in force; `version` is what a change is based on."""

    id: UUID
    name: str
    version: int
    is_open: bool
    address: str
    snippet: str
    origins: list[str]
    work: str
    for_seat: UUID | None
    looked_after_by: UUID | None
    seen_by: str
    waiting: int
    confirmed: int
    words: FormWords


class FormList(BaseModel):
    """The forms, the oldest first."""

    items: list[FormOut]


class NewForm(Payload):
    """A form that is to be; without `purposes` a visitor says yes to nothing."""

    name: Name
    title_nl: Name = ""
    title_en: Name = ""
    intro_nl: Words = ""
    intro_en: Words = ""
    thanks_nl: Words = ""
    thanks_en: Words = ""
    thanks_url: Address = ""
    asks: Asks = {Part.NAME: Need.REQUIRED}
    own: Own = []
    purposes: Purposes = []
    origins: Origins = []
    work: Work = Work.INBOX
    for_seat: UUID | None = None
    circle: Circle = "everyone"


class FormChanges(Payload):
    """What is to be otherwise; what is left out stays. Other words become a new version."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    name: Name | None = None
    title_nl: Name | None = None
    title_en: Name | None = None
    intro_nl: Words | None = None
    intro_en: Words | None = None
    thanks_nl: Words | None = None
    thanks_en: Words | None = None
    thanks_url: Address | None = None
    asks: Asks | None = None
    own: Own | None = None
    purposes: Purposes | None = None
    origins: Origins | None = None
    work: Work | None = None
    for_seat: UUID | None = None
