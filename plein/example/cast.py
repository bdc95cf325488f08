# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invents the companies of the region and the people who work there, with the jobs they had before."""

from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from plein.core.ids import new_id
from plein.example.days import Days
from plein.example.library import read
from plein.example.places import ABROAD, Addresses
from plein.example.rows import Rows
from plein.example.world import Colleague, Company, Job, Somebody, World
from plein.relations.contact import email, handle, phone, postal, web_page
from plein.relations.models import ImportantDate, Membership, Relation
from plein.relations.names import parse_name, sort_name
from plein.relations.vocabulary import Source

PEOPLE = 600
#: How many contacts a company of this kind has at most, and how much we hear from it.
SIZES = {
    "installer": (5, 1.0),
    "business": (5, 0.8),
    "housing": (8, 1.8),
    "municipality": (6, 1.1),
    "care": (6, 1.1),
    "school": (4, 0.9),
    "farm": (3, 0.9),
    "hotel": (5, 1.0),
    "club": (4, 0.9),
    "supplier": (5, 1.2),
}
SPEAK_ENGLISH = ("installer", "business", "farm", "hotel")
OWNERS = {"sanne": 24, "joost": 22, "lotte": 18, "daan": 8, "emre": 6, "owner": 10, "": 8}
TWO_YEARS = 730
#: A company of which a story names this many jobs or more needs nobody else.
MOST_TOLD = 2


class Cast:
    """Makes companies and people as rows, and keeps what the texts need to know of them."""

    def __init__(self, rows: Rows, world: World, days: Days, chance: Random, addresses: Addresses) -> None:
        self.rows, self.world, self.days, self.chance, self.addresses = rows, world, days, chance, addresses
        self.lists = read("names/companies")
        self.origins = read("names/people")["origin"]
        self._names = {person["name"] for key in ("person", "colleague") for person in read("texts/stories")[key]}

    def invent(self) -> None:
        """All companies that no story tells of, and people for them and for the bigger ones of the stories."""
        for who, listed in self.lists["company"].items():
            for line in listed:
                self._company(who, *(part.strip() for part in line.split("|")))
        hiring = [company for company in self.world.companies for _ in range(self._vacancies(company))]
        # Everybody gets one contact before anybody gets a second.
        hiring.sort(key=lambda company: 0 if not company.jobs else 1)
        seats = cycle(self._in_rounds(hiring))
        already = len(self.world.people) + len(self.world.colleagues)
        for _ in range(PEOPLE - already):
            self._hire(next(seats))

    @staticmethod
    def _vacancies(company: Company) -> int:
        """How many people a company may still get; those of the stories have theirs, and a few colleagues."""
        if not company.is_told:
            return SIZES[company.who][0]
        if company.window is None or len(company.jobs) > MOST_TOLD:
            return 0
        return 3 if company.who in ("housing", "care", "municipality") else 1

    def _in_rounds(self, hiring: list[Company]) -> list[Company]:
        rounds: dict[str, int] = {}
        placed = []
        for company in hiring:
            rounds[company.key] = rounds.get(company.key, len(company.jobs)) + 1
            placed.append((rounds[company.key], self.chance.random(), company))
        return [company for _round, _chance, company in sorted(placed, key=lambda item: item[:2])]

    def _company(self, who: str, name: str, place: str, country: str = "NL") -> None:
        since = self.days.today - timedelta(days=self.chance.randint(200, 5200))
        window, weight = self._activity(who, since)
        owner = self._owner() if who != "supplier" else self.world.colleagues["joost"]
        is_prospect = weight < SIZES[who][1] * 0.3 and who != "supplier"
        kind = self.lists["kind"][who]
        headline = kind
        if window and not is_prospect:
            headline += f", {'werkt met ons' if who == 'supplier' else 'klant'} sinds {since.year}"
        company = Company(
            key=f"made:{name}",
            name=name,
            who=who,
            place=place,
            country=country,
            domain=self.addresses.domain(name),
            street=self.addresses.street(),
            relation_id=new_id(),
            owner=owner,
            weight=weight,
            window=window,
        )
        about = self.chance.choice(self.lists["about"]["organization"]) if self.chance.random() < 0.45 else ""
        self.write_company(company, headline=headline, about=about)
        if window and not is_prospect:
            self.anniversary(company, since)

    def _activity(self, who: str, since: date) -> tuple[tuple[date, date] | None, float]:
        """Most companies are customers we hear from all the time; some fell silent, some are new, a few never spoke."""
        today, base = self.days.today, SIZES[who][1]
        start = max(since, today - timedelta(days=TWO_YEARS))
        match self.chance.random():
            case luck if luck < 0.04 and who in ("business", "installer"):
                return None, 0.1
            case luck if luck < 0.14:
                return (
                    start,
                    max(start + timedelta(days=60), today - timedelta(days=self.chance.randint(80, 320))),
                ), base * 0.7
            case luck if luck < 0.24 and who != "supplier":
                return (today - timedelta(days=240), today), base * 0.25
            case _:
                return (start, today), base * self.chance.choice([0.5, 0.8, 1.0, 1.0, 1.4, 2.2])

    def _owner(self) -> Colleague | None:
        key = self.chance.choices(list(OWNERS), weights=list(OWNERS.values()))[0]
        return self.world.colleagues.get(key)

    def write_company(self, company: Company, *, headline: str, about: str, circle: int | None = None) -> None:
        """The rows of a company and of how it is reached."""
        self.world.companies.append(company)
        created = self.days.now - timedelta(
            days=self.chance.randint(30, TWO_YEARS + 60), minutes=self.chance.randint(0, 600)
        )
        self.rows.add(
            Relation(
                id=company.relation_id,
                kind="organization",
                name=company.name,
                headline=headline,
                about=about,
                sort_name=sort_name(company.name, is_person=False),
                place=company.place,
                country=company.country,
                language="nl" if company.country == "NL" else "en",
                owner_id=company.owner.seat_id if company.owner else None,
                source=Source.EXAMPLE,
                created_at=created,
                updated_at=created,
                **_in(circle),
            )
        )
        contacts = (
            (email(f"info@{company.domain}"), "algemeen"),
            (phone(self.addresses.desk(company.place)), "balie"),
            (web_page(f"www.{company.domain}"), ""),
            (postal(self.addresses.postal(company.street, company.place), country=company.country), "bezoek"),
        )
        for contact, label in contacts:
            point = self.rows.contact_point(company.relation_id, contact, label, primary=label != "", circle=circle)
            company.points[contact.kind] = point

    def anniversary(self, company: Company, since: date) -> None:
        """Since when we work with a company."""
        note = "Leverancier sinds" if company.who == "supplier" else "Klant sinds"
        self.rows.add(ImportantDate(relation_id=company.relation_id, kind="anniversary", on=since, note=note))
        if self.chance.random() < 0.2:
            ends = self.days.today + timedelta(days=self.chance.randint(10, 500))
            self.rows.add(
                ImportantDate(
                    relation_id=company.relation_id, kind="contract", on=ends, note="Onderhoudscontract loopt af"
                )
            )

    def _hire(self, company: Company) -> None:
        person = self._person(company)
        place = len(company.jobs)
        months = self.chance.randint(8, 170)
        starts = self.days.day(f"-{months}m")
        moves = place > 0 and company.country == "NL" and self.chance.random() < 0.14
        former = self._elsewhere(company) if moves else None
        if former is not None:
            starts = self.days.today - timedelta(days=self.chance.randint(60, 640))
            before = starts - timedelta(days=self.chance.randint(400, 2600))
            self.give_job(
                person,
                former,
                self.role(former, place, person),
                before,
                starts - timedelta(days=self.chance.randint(10, 60)),
            )
        leaves = former is None and place > 1 and self.chance.random() < 0.05
        until = self.days.today - timedelta(days=self.chance.randint(40, 500)) if leaves else None
        role = self.role(company, place, person)
        self.give_job(person, company, role, min(starts, until - timedelta(days=200)) if until else starts, until)
        self._reach(person, company, role if until is None else f"Voorheen {role.lower()}")

    def _elsewhere(self, company: Company) -> Company | None:
        others = [
            other
            for other in self.world.companies
            if other.who == company.who and other is not company and other.country == "NL" and not other.is_told
        ]
        return self.chance.choice(others) if others else None

    def role(self, company: Company, place: int, person: Somebody) -> str:
        """What somebody does there: the first contact decides, the second handles the money."""
        roles = self.lists["role_en" if person.language == "en" else "role"][company.who]
        return str(roles[place] if place < len(roles) else roles[-1])

    def _person(self, company: Company) -> Somebody:
        origins = [origin for origin in self.origins if self._fits(origin, company)]
        while True:
            origin = self.chance.choices(origins, weights=[origin["weight"] for origin in origins])[0]
            gender = self.chance.choice("mf")
            name = f"{self.chance.choice(origin[gender])} {self._family(origin, company)}"
            if name not in self._names:
                break
        self._names.add(name)
        person = Somebody(f"made:{name}", name, gender, origin["language"], new_id())
        self.world.people.append(person)
        return person

    def _fits(self, origin: dict[str, Any], company: Company) -> bool:
        if company.place in ABROAD:
            wanted = {"DE": "german", "PL": "polish"}.get(company.country, "british")
            return bool(origin["key"] == wanted)
        return origin["language"] == "nl" or company.who in SPEAK_ENGLISH

    def _family(self, origin: dict[str, Any], company: Company) -> str:
        """A surname; the first contact of a family business bears its name."""
        bearing = [name for name in origin["family"] if f" {name} " in f" {company.name} "]
        return str(bearing[0] if bearing and not company.jobs else self.chance.choice(origin["family"]))

    def give_job(
        self,
        person: Somebody,
        company: Company,
        role: str,
        starts: date,
        ends: date | None,
        address: str = "",
        circle: int | None = None,
    ) -> Job:
        """A job, with the address that goes with it."""
        first, last = person.name.split()[0], " ".join(person.name.split()[1:])
        contact = email(address or self.addresses.local(first, last, company.domain))
        is_past = ends is not None and ends < self.days.today
        point = self.rows.contact_point(
            person.relation_id, contact, "vorig werk" if is_past else "werk", primary=not is_past, circle=circle
        )
        self.rows.add(
            Membership(
                person_id=person.relation_id,
                organization_id=company.relation_id,
                role=role,
                starts_on=starts,
                ends_on=ends,
                source=Source.EXAMPLE,
                **_in(circle),
            )
        )
        job = Job(person, company, role, starts, ends, contact.value, point)
        company.jobs.append(job)
        if not is_past:
            person.points["email"] = point
            person.addresses["email"] = contact.value
        return job

    def _reach(self, person: Somebody, company: Company, role: str) -> None:
        created = self.days.now - timedelta(days=self.chance.randint(1, TWO_YEARS), minutes=self.chance.randint(0, 600))
        name = parse_name(person.name)
        self.rows.add(
            Relation(
                id=person.relation_id,
                kind="person",
                name=person.name,
                given_name=name.given,
                infix=name.infix,
                family_name=name.family,
                sort_name=name.sorting,
                headline=f"{role}, {company.name}"[:200],
                place=company.place,
                country=company.country,
                language=person.language,
                owner_id=company.owner.seat_id if company.owner else None,
                source=Source.EXAMPLE,
                created_at=created,
                updated_at=created,
            )
        )
        number = self.addresses.mobile() if company.country == "NL" else self.addresses.desk(company.place)
        if self.chance.random() < 0.86:
            person.points["phone"] = self.rows.contact_point(person.relation_id, phone(number), "mobiel", primary=True)
        if self.chance.random() < 0.4:
            profile = handle(
                person.addresses.get("email", "").partition("@")[0] + str(self.chance.randint(10, 99)),
                network="linkedin",
            )
            person.points["handle"] = self.rows.contact_point(person.relation_id, profile)


def _in(circle: int | None) -> dict[str, Any]:
    return {} if circle is None else {"circle_id": circle}
