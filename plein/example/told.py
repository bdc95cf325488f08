# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and companies of the stories: who they are, where they work and worked, and whom they know."""

import re
from datetime import date, timedelta
from typing import Any

from plein.core.ids import new_id
from plein.example.cast import TWO_YEARS, Cast
from plein.example.days import shift_months
from plein.example.library import Table, read
from plein.example.world import Company, Job, Somebody
from plein.relations.contact import Contact, email, handle, phone
from plein.relations.models import ImportantDate, Interest, Membership, Relation, Tie
from plein.relations.names import parse_name, sort_name
from plein.relations.vocabulary import ContactKind, Source

#: How a tie of a story is kept, and what he and she are called.
TIES = {
    "child": ("family", "Zoon", "Dochter"),
    "parent": ("family", "Vader", "Moeder"),
    "spouse": ("family", "Echtgenoot", "Echtgenote"),
    "sibling": ("family", "Broer", "Zus"),
    "in_law": ("family", "Zwager", "Schoonzus"),
    "rides_with": ("friend", "Fietsmaat", "Fietsmaat"),
    "golfs_with": ("friend", "Golfmaat", "Golfmaat"),
    "plays_with": ("friend", "Teamgenoot", "Teamgenoot"),
    "serves_with": ("knows", "Samen in een bestuur", "Samen in een bestuur"),
    "works_with": ("knows", "Vakgenoot", "Vakgenoot"),
    "worked_with": ("knows", "Werkten samen", "Werkten samen"),
    "knows": ("knows", "Kennissen", "Kennissen"),
    "helped": ("advised", "Hielp", "Hielp"),
}
DATES = {
    "birthday": "birthday",
    "started_here": "anniversary",
    "wedding": "anniversary",
    "founded": "anniversary",
    "customer_since": "anniversary",
    "contract_ends": "contract",
    "certificate_ends": "contract",
}
#: No moment is invented from this many days before the first one that a story tells of a company.
QUIET = 10
RECENT = 400
#: From whom we hear more than from others.
BUSY = {"vandijk": 1.8, "vechtstreek": 2.0, "delinde": 1.8, "tuinstra": 1.4}


class Told:
    """Writes the cast of the stories."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.rows, self.world, self.days = cast, cast.rows, cast.world, cast.days
        self.stories = read("texts/stories")
        self.people: dict[str, Somebody] = {}
        self.companies: dict[str, Company] = {}

    def write(self) -> None:
        """Companies, then the people who work there, then their ties."""
        for table in self.stories["organization"]:
            self._company(table)
        for table in self.stories["person"]:
            self._person(table)
        for table in self.stories["person"]:
            for tie in table.get("tie", ()):
                self._tie(self.people[table["key"]], tie)

    def somebody(self, key: str) -> Somebody:
        """A person or a colleague of the stories."""
        return self.people[key] if key in self.people else self.world.colleagues[key]

    def circle(self, table: Table) -> int | None:
        """The circle that a story puts something in."""
        key = table.get("circle", "everyone")
        return None if key == "everyone" else self.world.circles[key]

    def _company(self, table: Table) -> None:
        since = self._since(table["customer_since"], table["name"]) if "customer_since" in table else None
        company = Company(
            key=table["key"],
            name=table["name"],
            who=table["who"],
            place=table["place"],
            country="NL",
            is_told=True,
            domain=table["domain"],
            street=self.cast.addresses.street(),
            relation_id=new_id(),
            owner=self.world.colleagues.get(table.get("owner", "")),
            weight=BUSY.get(table["key"], 0.9),
            window=self._window(table, since),
        )
        self.companies[company.key] = company
        kind = self.cast.lists["kind"][company.who]
        headline = kind + (f", klant sinds {since.year}" if since else "")
        self.cast.write_company(company, headline=headline, about=table["note"], circle=self.circle(table))
        if since is not None:
            self.rows.add(
                ImportantDate(relation_id=company.relation_id, kind="anniversary", on=since, note="Klant sinds")
            )

    def _since(self, offset: str, name: str) -> date:
        """A date of years ago, not on this very day of the year but on the first of some month before it."""
        day = self.days.day(offset)
        return shift_months(day, -(len(name) * 7 % 10)).replace(day=1) if offset.endswith("y") else day

    def _window(self, table: Table, since: date | None) -> tuple[date, date] | None:
        """Between when other things than the story were said: before the story, so that silences stay silent."""
        if since is None or "circle" in table:
            return None
        employed = {p["key"] for p in self.stories["person"] if any(job["org"] == table["key"] for job in p["job"])}
        days = [
            self.days.day(moment["at"].split()[0])
            for moment in self.stories["moment"]
            if employed & set(moment["participants"])
        ]
        recent = [day for day in days if (self.days.today - day).days < RECENT]
        last = min(recent, default=self.days.today - timedelta(days=RECENT)) - timedelta(days=QUIET)
        first = max(since, self.days.today - timedelta(days=TWO_YEARS))
        return (first, last) if first < last else None

    def _person(self, table: Table) -> None:
        circle, name = self.circle(table), parse_name(table["name"])
        women = read("names/people")["known"]["f"]
        person = Somebody(table["key"], table["name"], "f" if name.given in women else "m", "nl", new_id())
        self.people[person.key] = person
        self.world.people.append(person)
        present = [job for job in table["job"] if self._is_present(job)] or table["job"][-1:]
        company = self.companies[present[-1]["org"]]
        created = self.days.now - timedelta(days=TWO_YEARS + len(self.people))
        self.rows.add(
            Relation(
                id=person.relation_id,
                kind="person",
                name=person.name,
                given_name=name.given,
                infix=name.infix,
                family_name=name.family,
                sort_name=sort_name(person.name, is_person=True),
                place=company.place,
                country="NL",
                headline=f"{present[-1]['role']}, {company.name}",
                language="nl",
                about=table.get("wishes", ""),
                owner_id=company.owner.seat_id if company.owner else None,
                source=Source.EXAMPLE,
                created_at=created,
                updated_at=created,
                **({} if circle is None else {"circle_id": circle}),
            )
        )
        self._reach(person, table, circle)
        self._jobs(person, table, circle)
        self._details(person, table, circle)

    def _is_present(self, job: Table) -> bool:
        until = job.get("until")
        return self.days.day(job["from"]) <= self.days.today and (
            until is None or self.days.day(until) >= self.days.today
        )

    def _reach(self, person: Somebody, table: Table, circle: int | None) -> None:
        mobile = phone(table["mobile"])
        person.points["phone"] = self.rows.contact_point(
            person.relation_id, mobile, "mobiel", primary=True, circle=circle
        )
        for network, name in table.get("handles", {}).items():
            contact = (
                Contact(ContactKind.HANDLE, name, name, network)
                if network == "forum"
                else handle(name, network=network)
            )
            point = self.rows.contact_point(person.relation_id, contact, circle=circle)
            person.points.setdefault("handle", point)

    def _jobs(self, person: Somebody, table: Table, circle: int | None) -> None:
        points = {}
        for number, address in enumerate([table["email"], *table.get("former_emails", ())]):
            contact = email(address)
            label = "vorig werk" if number else "werk"
            point = self.rows.contact_point(person.relation_id, contact, label, primary=number == 0, circle=circle)
            points[address.partition("@")[2]] = (contact.value, point)
            if number == 0:
                person.points["email"], person.addresses["email"] = point, contact.value
        for job in table["job"]:
            company = self.companies[job["org"]]
            starts, ends = (
                self._since(job["from"], person.name),
                self.days.day(job["until"]) if "until" in job else None,
            )
            self.rows.add(
                Membership(
                    person_id=person.relation_id,
                    organization_id=company.relation_id,
                    role=job["role"],
                    starts_on=starts,
                    ends_on=ends,
                    source=Source.EXAMPLE,
                    **({} if circle is None else {"circle_id": circle}),
                )
            )
            address, known = points.get(company.domain, ("", None))
            company.jobs.append(
                Job(person, company, job["role"], starts, ends, address, known, is_silent=table.get("silent", False))
            )

    def _details(self, person: Somebody, table: Table, circle: int | None) -> None:
        within: dict[str, Any] = {} if circle is None else {"circle_id": circle}
        texts = [*table.get("interests", ()), *(f"verstand van {what}" for what in table.get("expertise", ()))]
        for text in texts:
            self.rows.add(Interest(relation_id=person.relation_id, text=text, source=Source.EXAMPLE, **within))
        kinds = {kind["key"]: kind["nl"] for kind in read("texts/interests")["date_kind"]}
        for number, (key, offset) in enumerate(table.get("dates", {}).items()):
            on = self.days.day(offset)
            if re.fullmatch(r"\d\d-\d\d", offset):
                on = on.replace(year=1958 + 3 * (len(person.name) + number) % 36)
            note = "" if key == "birthday" else kinds[key]
            self.rows.add(
                ImportantDate(relation_id=person.relation_id, kind=DATES.get(key, "other"), on=on, note=note, **within)
            )

    def _tie(self, person: Somebody, table: Table) -> None:
        kind, his, hers = TIES[table["kind"]]
        note = f"{hers if person.gender == 'f' else his}. {table['source']}."
        other = self.somebody(table["with"])
        self.rows.add(
            Tie(one_id=person.relation_id, other_id=other.relation_id, kind=kind, note=note, source=Source.EXAMPLE)
        )
