# SPDX-License-Identifier: AGPL-3.0-or-later
"""The set pieces of the stories: their moments, to-dos and appointments, word for word."""

from datetime import date, datetime
from uuid import UUID

from plein.core.ids import new_id
from plein.example.days import Days
from plein.example.library import Table, facts_of, read
from plein.example.rows import Part, Rows, part_of
from plein.example.told import Told
from plein.example.world import Colleague, Somebody, World
from plein.moments.models import ToDo
from plein.relations.vocabulary import Source

DIRECTIONS = {"in": "inbound", "out": "outbound", "internal": "internal"}
#: The appointments of today that whoever signs in first goes to as well.
JOINED = ("Demo gemeente Hardenberg", "Verkoopoverleg")


class Stories:
    """Writes what happens in the stories."""

    def __init__(self, rows: Rows, world: World, days: Days, told: Told) -> None:
        self.rows, self.world, self.days, self.told = rows, world, days, told
        self._threads: dict[str, UUID] = {}

    def write(self) -> None:
        """All of it, in the order of time."""
        stories = read("texts/stories")
        for table in sorted(stories["moment"], key=lambda table: self.days.moment(table["at"])):
            self._moment(table)
        for table in stories["todo"]:
            self._todo(table)
        for table in stories["appointment"]:
            self._appointment(table)

    def _moment(self, table: Table) -> None:
        at, lang = self.days.past(table["at"]), table["lang"]
        colleague = self.world.colleagues.get(table.get("colleague", ""))
        others = [self.told.somebody(key) for key in table["participants"]]
        thread = self._threads.setdefault(table["thread"], new_id()) if "thread" in table else new_id()
        self.rows.moment(
            table["channel"],
            DIRECTIONS[table["direction"]],
            at,
            self._parts(table, colleague, others, at.date()),
            text=self.days.words(table["text"].strip(), lang),
            subject=self.days.words(table.get("subject", ""), lang),
            facts={key: self.days.words(value, lang) for key, value in facts_of(table).items()},
            thread_id=thread,
            circle=self.told.circle(table),
            recorded_by=colleague.seat_id if colleague else None,
            minutes=45 if table["channel"] in ("visit", "meeting") else 0,
        )

    def _parts(self, table: Table, colleague: Colleague | None, others: list[Somebody], day: date) -> list[Part]:
        channel, direction = table["channel"], table["direction"]
        roles: list[tuple[Somebody | None, str]]
        if direction == "internal":
            roles = [
                (colleague, "from"),
                *((other, "to" if isinstance(other, Colleague) else "about") for other in others),
            ]
        elif channel in ("visit", "meeting"):
            roles = [(somebody, "with") for somebody in (colleague, *others)]
        elif direction == "out":
            roles = [(colleague, "from"), *((other, "to") for other in others)]
        else:
            second = {"email": "cc", "post": "about"}.get(channel, "to")
            roles = [(others[0], "from"), (colleague, "to"), *((other, second) for other in others[1:])]
        parts = [
            part_of(
                somebody,
                role,
                channel,
                is_ours=isinstance(somebody, Colleague),
                point=self._heard_on(somebody, channel, day),
            )
            for somebody, role in roles
            if somebody is not None
        ]
        employers = {other.relation_id for somebody in others for other in self._employers(somebody, day)}
        return [
            *parts,
            *(Part("about" if direction == "internal" else "for", employer) for employer in sorted(employers)),
        ]

    def _heard_on(self, somebody: Somebody, channel: str, day: date) -> UUID | None:
        """The address somebody wrote from when they worked elsewhere."""
        if channel != "email":
            return None
        points = [
            job.email_point
            for company in self.told.companies.values()
            for job in company.jobs
            if job.person is somebody and job.covers(day) and job.email_point
        ]
        return points[0] if points else None

    def _employers(self, somebody: Somebody, day: date) -> list[Somebody]:
        return [
            Somebody(company.key, company.name, "", "nl", company.relation_id)
            for company in self.told.companies.values()
            if any(job.person is somebody and job.covers(day) for job in company.jobs)
        ]

    def _about(self, keys: list[str]) -> UUID | None:
        """A to-do is about the person it names, else about the company."""
        for key in reversed(keys):
            if key in self.told.people or key in self.world.colleagues:
                return self.told.somebody(key).relation_id
        return self.told.companies[keys[0]].relation_id

    def _todo(self, table: Table) -> None:
        seat = self.world.colleagues[table["colleague"]].seat_id
        circle = self.told.circle(table)
        done_at = self.days.past(f"{table['done']} 16:40") if "done" in table else None
        self.rows.add(
            ToDo(
                title=self.days.words(table["text"], "nl"),
                note=self.days.words(table.get("note", ""), "nl"),
                means_needed=table.get("means_needed", ""),
                due_on=self.days.day(table["due"]),
                assignee_id=seat,
                relation_id=self._about(table["about"]),
                done_at=done_at,
                done_by_id=seat if done_at else None,
                own_circle_id=circle,
                source=Source.EXAMPLE,
                **({} if circle is None else {"circle_id": circle}),
            )
        )

    def _appointment(self, table: Table) -> None:
        at: datetime = self.days.moment(table["at"])
        colleague = self.world.colleagues[table["colleague"]]
        others = [self.told.somebody(key) for key in table["participants"]]
        if table["title"] in JOINED:
            others.append(self.world.owner)
        parts = [
            part_of(somebody, "with", "", is_ours=isinstance(somebody, Colleague)) for somebody in (colleague, *others)
        ]
        place = ""
        if "org" in table:
            company = self.told.companies[table["org"]]
            place = company.place
            parts.append(Part("for", company.relation_id))
        is_among_us = all(isinstance(other, Colleague) for other in others)
        self.rows.moment(
            table["channel"],
            "internal" if is_among_us else "outbound",
            at,
            parts,
            state="planned",
            minutes=table["minutes"],
            subject=table["title"],
            text=table["agenda"],
            location=place,
            facts=facts_of(table),
            recorded_by=colleague.seat_id,
        )
