# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is planned and what is still to do, for every team and above all for whoever signs in first."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count
from random import Random

from plein.core.ids import new_id
from plein.example.days import Days, on_working_day
from plein.example.library import Table, facts_of, read
from plein.example.rows import Part, Rows, part_of
from plein.example.world import Colleague, Company, Job, World
from plein.example.writing import Writer, names_in
from plein.moments.models import ToDo
from plein.moments.reminding import MORNING
from plein.moments.repeats import read_rule
from plein.relations.vocabulary import Source

FREE = ("09:30", "10:30", "08:45", "11:15", "14:00", "15:30", "16:00", "13:15")
#: The first signing-in finds these to-dos, so many days from today: one late, some for today, some for later.
OWN_TODOS = (-1, 0, 0, 0, 1, 2, 5)
OWN_DAYS = (0, 1, 2, 5, 8)
#: What comes back: what, in how many days first, by which rule, with what means.
REPEATING = (
    ("Openstaande offertes nalopen", 1, "FREQ=WEEKLY;BYDAY=FR", ""),
    ("Voorraad filters en koudemiddel tellen", 6, "FREQ=MONTHLY;BYMONTHDAY=1", "Tellijst van Roelof"),
    ("Relaties bellen die stil zijn", 3, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ""),
    ("Keuring van de bus plannen", 12, "FREQ=YEARLY", "Kentekenbewijs"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Whom something is with and whose it is."""

    company: Company
    job: Job | None
    ours: Colleague


class Agenda:
    """Plans appointments and to-dos."""

    def __init__(self, rows: Rows, world: World, days: Days, writer: Writer, chance: Random) -> None:
        self.rows, self.world, self.days, self.writer, self.chance = rows, world, days, writer, chance
        self._slot = count()

    def write(self) -> None:
        """Appointments of the last weeks and the next two, then to-dos."""
        tables = [table for table in read("texts/appointments")["appointment"] if table["title"] != "Verkoopoverleg"]
        self.chance.shuffle(tables)
        own = [table for table in tables if self._suits_owner(table)]
        for table, offset in zip(own, OWN_DAYS, strict=False):
            self._appointment(table, self._day(offset), self.world.owner)
        others = [table for table in tables if table not in own[: len(OWN_DAYS)]]
        for number, table in enumerate(others):
            # A third took place in the last three weeks, the others are to come.
            offset = -1 - (number * 5) % 21 if number % 3 == 0 else 1 + (number * 3) % 14
            self._appointment(table, self._day(offset), None)
        self._todos()
        self._repeating()

    def _day(self, offset: int) -> date:
        day = self.days.today + timedelta(days=offset)
        return on_working_day(day) if offset > 0 else day

    @staticmethod
    def _suits_owner(table: Table) -> bool:
        words = str(table)
        return (
            table["team"] == "sales"
            and table["lang"] == "nl"
            and "-int-" not in table["id"]
            and "{collega" not in words
        )

    def _setting(self, table: Table, ours: Colleague | None) -> Setting | None:
        named = names_in(str(table), list(self.world.colleagues.values()))
        found = []
        for company in self.world.companies:
            if company.is_told or company.window is None or table["who"] not in (company.who, "any"):
                continue
            if table["who"] == "any" and company.who == "supplier":
                continue
            found += [
                (company, job) for job in company.contacts(self.days.today, table["lang"], table.get("gender", ""))
            ]
        if not found:
            return None
        if ours is not None:
            found = [pair for pair in found if pair[0].owner is ours] or found
        company, job = self.chance.choice(found)
        team = [c for c in self.world.team(table["team"]) if c.key not in named and c.key not in ("hanneke", "roelof")]
        if ours is None:
            ours = company.owner if company.owner in team else self.chance.choice(team)
        return Setting(company, None if "-int-" in table["id"] else job, ours)

    def _appointment(self, table: Table, day: date, ours: Colleague | None) -> None:
        setting = self._setting(table, ours)
        if setting is None:
            return
        clock = time.fromisoformat(FREE[next(self._slot) % len(FREE)])
        if ours is not None and day == self.days.today:
            clock = time(9, 30)
        at = self.days.at(day, clock)
        is_past = at.date() < self.days.today
        other = self.chance.choice([c for c in self.world.team("service") if c is not setting.ours])
        contact = setting.job.person if setting.job else None
        filling = self.writer.filling(
            company=setting.company,
            contact=contact,
            ours=setting.ours,
            other=other,
            lang=table["lang"],
            team=table["team"],
            start=day,
            end=day,
        )
        parts = [part_of(setting.ours, "with", "", is_ours=True)]
        if contact is not None:
            parts += [part_of(contact, "with", ""), Part("for", setting.company.relation_id)]
        else:
            parts += [
                part_of(c, "with", "", is_ours=True) for c in self.world.team(table["team"]) if c is not setting.ours
            ]
        self.rows.moment(
            table["channel"],
            "outbound" if contact else "internal",
            at,
            parts,
            state="done" if is_past else "planned",
            minutes=table["minutes"],
            subject=self.writer.line(table["title"], filling),
            text=self.writer.line(table["agenda"], filling),
            location=self._place(table, setting, filling.values),
            facts={key: self.writer.line(value, filling) for key, value in facts_of(table).items()},
            recorded_by=setting.ours.seat_id,
        )

    @staticmethod
    def _place(table: Table, setting: Setting, values: dict[str, str]) -> str:
        known = {"bij hen": setting.company.place, "bij ons": "Hanzelaan 118, Zwolle", "on site": setting.company.place}
        return known.get(table["place"]) or re.sub(r"\{(\w+)\}", lambda found: values[found[1]], table["place"])

    def _repeating(self) -> None:
        """What comes back for whoever signs in first, with a reminder at the beginning of the day."""
        for title, offset, rule, means in REPEATING:
            due = on_working_day(self.days.today + timedelta(days=offset))
            self.rows.add(
                ToDo(
                    title=title,
                    means_needed=means,
                    due_on=due,
                    assignee_id=self.world.owner.seat_id,
                    source=Source.EXAMPLE,
                    repeat=str(read_rule(rule)),
                    repeat_since=due,
                    series_id=new_id(),
                    remind_before=0,
                    remind_at=self.days.at(due, MORNING),
                    created_at=self.days.now - timedelta(days=30),
                    updated_at=self.days.now - timedelta(days=30),
                )
            )

    def _todos(self) -> None:
        tables = list(read("texts/todos")["todo"])
        self.chance.shuffle(tables)
        own = [table for table in tables if self._suits_owner(table)][: len(OWN_TODOS)]
        for table, offset in zip(own, OWN_TODOS, strict=False):
            self._todo(table, self.days.today + timedelta(days=offset), self.world.owner)
        for number, table in enumerate(table for table in tables if table not in own):
            due = self.days.day(table["due"]) if number % 5 else self.days.today - timedelta(days=1 + number % 9)
            self._todo(table, due, None)

    def _todo(self, table: Table, due: date, ours: Colleague | None) -> None:
        setting = self._setting(table, ours)
        if setting is None:
            return
        other = self.chance.choice([c for c in self.world.team("service") if c is not setting.ours])
        filling = self.writer.filling(
            company=setting.company,
            contact=setting.job.person if setting.job else None,
            ours=setting.ours,
            other=other,
            lang=table["lang"],
            team=table["team"],
            start=self.days.today,
            end=self.days.today,
        )
        is_about = re.search(r"\{(voornaam|achternaam|bedrijf|adres|project|offerte|order|factuur)\}", str(table))
        relation = setting.job.person.relation_id if setting.job else setting.company.relation_id
        created = self.days.now - timedelta(days=self.chance.randint(2, 20))
        self.rows.add(
            ToDo(
                title=self.writer.line(table["text"], filling),
                note=self.writer.line(table.get("note", ""), filling),
                means_needed=self.writer.line(table.get("means_needed", ""), filling),
                due_on=due,
                assignee_id=setting.ours.seat_id,
                source=Source.EXAMPLE,
                created_at=created,
                updated_at=created,
                relation_id=relation if is_about or table["who"] != "any" else None,
            )
        )
