# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cast of the example company while it is being made."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(eq=False)
class Somebody:
    """Anybody who can take part in a moment, with the contact points they are heard on."""

    key: str
    name: str
    gender: str
    language: str
    relation_id: UUID
    points: dict[str, UUID] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.split()[0]

    @property
    def last(self) -> str:
        """The surname, with what stands before it."""
        return " ".join(self.name.split()[1:])


@dataclass(eq=False)
class Colleague(Somebody):
    """One of us."""

    seat_id: UUID = field(kw_only=True)
    team: str = ""
    title: str = ""
    is_signing_in: bool = False


@dataclass(eq=False)
class Company:
    """An organization we deal with; `window` holds the days between which we heard from it."""

    key: str
    name: str
    who: str
    place: str
    country: str
    domain: str
    street: str
    relation_id: UUID
    owner: Colleague | None
    weight: float
    window: tuple[date, date] | None
    jobs: list["Job"] = field(default_factory=list)
    points: dict[str, UUID] = field(default_factory=dict)
    is_told: bool = False

    @property
    def is_customer(self) -> bool:
        return self.window is not None and self.who != "supplier"

    def contacts(self, day: date, lang: str, gender: str) -> list["Job"]:
        """Who worked there on that day and fits a text in this language about him or her."""
        return [
            job
            for job in self.jobs
            if job.covers(day)
            and job.person.language == lang
            and gender in ("", job.person.gender)
            and not job.is_silent
        ]


@dataclass(eq=False)
class Job:
    """A person's time at a company, and the address they were heard on then."""

    person: Somebody
    company: Company
    role: str
    starts_on: date
    ends_on: date | None
    email: str
    email_point: UUID | None
    is_silent: bool = False

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass
class World:
    """Everybody."""

    colleagues: dict[str, Colleague] = field(default_factory=dict)
    companies: list[Company] = field(default_factory=list)
    people: list[Somebody] = field(default_factory=list)
    circles: dict[str, int] = field(default_factory=dict)
    ours: UUID | None = None

    def team(self, name: str) -> list[Colleague]:
        """The colleagues of a team who were here all along."""
        return [
            colleague
            for colleague in self.colleagues.values()
            if colleague.team == name and not colleague.is_signing_in
        ]

    @property
    def owner(self) -> Colleague:
        """The one who signs in first."""
        return self.colleagues["owner"]
