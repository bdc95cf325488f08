# SPDX-License-Identifier: AGPL-3.0-or-later
"""What makes a list of addresses a network: ties, tags, interests, birthdays and favourites."""

import re
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

from plein.example.days import Days
from plein.example.library import read
from plein.example.rows import Rows
from plein.example.world import Company, Somebody, World
from plein.relations.models import Favourite, ImportantDate, Interest, Tag, Tagging, Tie
from plein.relations.vocabulary import ADVICE, Source

OF_A_MAN = re.compile(r"\b(zijn|hij|opa)\b")
COLOURS = ("green", "blue", "yellow", "pink", "purple", "grey")
TIES = {"family": 26, "friend": 60, "knows": 90, "referred_by": 24, "advised": 14, "colleague": 44}
#: What came of referrals and advice in turn, and what it was worth in euros.
OUTCOMES = (("customer", 4200), ("open", None), ("no", None), ("customer", 1850), ("", None), ("customer", 12600))


class Network:
    """Weaves the network."""

    def __init__(self, rows: Rows, world: World, days: Days, chance: Random) -> None:
        self.rows, self.world, self.days, self.chance = rows, world, days, chance
        self.lists = read("names/companies")
        self.made = [person for person in world.people if person.key.startswith("made:")]
        self._tied: set[frozenset[UUID]] = set()

    def weave(self) -> None:
        """All of it."""
        self._ties()
        self._company_ties()
        self._tags()
        self._interests()
        self._birthdays()
        self._favourites()

    def _tie(self, one: UUID, other: UUID, kind: str, note: str = "", starts: date | None = None, **came: Any) -> None:
        if one == other or frozenset((one, other)) in self._tied:
            return
        self._tied.add(frozenset((one, other)))
        facts = {"kind": kind, "note": note, "starts_on": starts, "source": Source.EXAMPLE}
        self.rows.add(Tie(one_id=one, other_id=other, **facts, **came))

    def _ties(self) -> None:
        notes = self.lists["tie_note"]
        for kind, many in TIES.items():
            for number in range(many):
                one = self.chance.choice(self.made)
                staff = [c for c in self.world.colleagues.values() if not c.is_signing_in]
                other: Somebody = self.chance.choice(staff) if kind == "colleague" else self.chance.choice(self.made)
                kept = "knows" if kind == "colleague" else kind
                starts = (
                    self.days.today - timedelta(days=self.chance.randint(200, 4000))
                    if self.chance.random() < 0.5
                    else None
                )
                note = self._note(kind, notes[kind], number, one, other)
                came = dict(zip(("outcome", "value"), OUTCOMES[number % len(OUTCOMES)], strict=True))
                more = came if kind in ADVICE else {}
                self._tie(one.relation_id, other.relation_id, kept, note, starts, **more)
        for company in self.world.companies:
            former = [
                job for job in company.jobs if job.ends_on and job.ends_on < self.days.today and not company.is_told
            ]
            stayed = [job for job in company.jobs if job.ends_on is None]
            for job, other_job in ((job, other_job) for job in former for other_job in stayed[:2]):
                self._tie(
                    job.person.relation_id,
                    other_job.person.relation_id,
                    "ex_colleague",
                    self.chance.choice(notes["ex_colleague"]),
                    job.starts_on,
                )

    def _note(self, kind: str, notes: list[str], number: int, one: Somebody, other: Somebody) -> str:
        """A note that can be true of these two."""
        if kind != "family":
            return notes[number % len(notes)]
        if {one.gender, other.gender} == {"m"}:
            return "Zwagers"
        return "Nichten" if {one.gender, other.gender} == {"f"} else notes[1 + number % (len(notes) - 1)]

    def _company_ties(self) -> None:
        if self.world.ours is None:
            return
        for company in self.world.companies:
            if company.is_told and company.window is None:
                continue
            if company.who == "supplier":
                self._tie(company.relation_id, self.world.ours, "supplier_of")
            elif company.is_customer and company.weight > 1.2:
                self._tie(company.relation_id, self.world.ours, "customer_of")
        groups = [
            [c for c in self.world.companies if c.who == who and not c.is_told]
            for who in ("care", "school", "business")
        ]
        for group in groups:
            for one, other in list(combinations(group, 2))[:2]:
                self._tie(one.relation_id, other.relation_id, "part_of")
        installers = [c for c in self.world.companies if c.who == "installer" and not c.is_told]
        clients = [c for c in self.world.companies if c.who in ("business", "housing", "care") and not c.is_told]
        for client in self.chance.sample(clients, 18):
            self._tie(self.chance.choice(installers).relation_id, client.relation_id, "supplier_of")

    def _tags(self) -> None:
        words = self.lists["tags"]
        names = [*words["kinds"], *self.lists["kind"].values(), *words["extra"], *words["people"]]
        present = {tag.name: tag.id for tag in Tag.objects.all()}
        for number, name in enumerate(dict.fromkeys(names)):
            if name not in present:
                present[name] = self.rows.add(Tag(name=name, colour=COLOURS[number % len(COLOURS)])).id
        for company in self.world.companies:
            if company.key == "rhijn":
                continue
            for name in self._tags_of(company):
                self.rows.add(Tagging(relation_id=company.relation_id, tag_id=present[name]))
        for person in self.chance.sample(self.made, len(self.made) // 3):
            self.rows.add(Tagging(relation_id=person.relation_id, tag_id=present[self.chance.choice(words["people"])]))

    def _tags_of(self, company: Company) -> list[str]:
        kinds, extra = self.lists["tags"]["kinds"], self.lists["tags"]["extra"]
        state = (
            kinds[2] if company.who == "supplier" else kinds[0 if company.is_customer and company.weight > 0.3 else 1]
        )
        found = {state, self.lists["kind"][company.who]}
        if company.window is not None and (self.days.today - company.window[1]).days > 60 and company.who != "supplier":
            found.add("Stille A-relatie")
        if self.chance.random() < 0.3:
            found.add(self.chance.choice([tag for tag in extra if tag != "Stille A-relatie"]))
        return sorted(found)

    def _interests(self) -> None:
        lists = read("texts/interests")["interests"]
        phrases = {lang: [text for texts in lists[lang].values() for text in texts] for lang in ("nl", "en")}
        for person in self.chance.sample(self.made, 260):
            fitting = [text for text in phrases[person.language] if person.gender == "m" or not OF_A_MAN.search(text)]
            for text in self.chance.sample(fitting, self.chance.choice([1, 1, 2])):
                noted = self.days.now - timedelta(days=self.chance.randint(3, 700))
                self.rows.add(
                    Interest(relation_id=person.relation_id, text=text, source=Source.EXAMPLE, noted_at=noted)
                )

    def _birthdays(self) -> None:
        for number, person in enumerate(self.chance.sample(self.made, 170)):
            # The first few have theirs in the coming days, so that there is somebody to congratulate.
            day = self.days.today + timedelta(days=number if number < 6 else self.chance.randint(6, 360))
            born = date(self.chance.randint(1958, 1999), day.month, min(day.day, 28))
            self.rows.add(ImportantDate(relation_id=person.relation_id, kind="birthday", on=born))

    def _favourites(self) -> None:
        told = [company for company in self.world.companies if company.is_told and company.key != "rhijn"]
        for colleague in self.world.team("sales"):
            for company in self.chance.sample(told, 4):
                self.rows.add(Favourite(relation_id=company.relation_id, seat_id=colleague.seat_id))
        wanted = [company for company in told if company.key in ("vandijk", "delinde", "vechtstreek", "hoteldezon")]
        wanted += [company for company in self.world.companies if company.owner is self.world.owner][:2]
        for company in wanted:
            self.rows.add(Favourite(relation_id=company.relation_id, seat_id=self.world.owner.seat_id))
