# SPDX-License-Identifier: AGPL-3.0-or-later
"""Decides which thread is told about whom, by whom and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from plein.example.days import LAST_MONDAY_TO_FRIDAY, Days
from plein.example.library import Thread, threads
from plein.example.world import Colleague, Company, Job, World
from plein.example.writing import MOST_EQUAL, names_in

#: How often a text comes back, by channel, before the whole is scaled to the number of moments that is wanted.
USES = {
    "email": 7.0,
    "call": 12.0,
    "voicemail": 9.0,
    "visit": 11.0,
    "meeting": 9.0,
    "letter": 8.0,
    "note": 8.0,
    "text": 4.0,
    "chat": 4.0,
    "post": 2.6,
}
#: Office hours per channel: the first message starts between these.
HOURS = {
    "email": (7, 17),
    "call": (8, 17),
    "voicemail": (7, 19),
    "visit": (8, 16),
    "meeting": (9, 16),
    "letter": (9, 15),
    "note": (8, 18),
    "text": (7, 19),
    "chat": (8, 17),
    "post": (7, 22),
}
REPORTS = frozenset({"call", "voicemail", "visit", "meeting", "note", "letter"})
STRANGERS = ("business", "installer", "care", "club")
HOLIDAYS = frozenset({(1, 1), (4, 27), (12, 25), (12, 26)})
TRIES = 40


@dataclass(frozen=True, slots=True)
class Deal:
    """One telling of a thread."""

    thread: Thread
    company: Company
    job: Job | None
    ours: Colleague
    other: Colleague
    start: datetime
    is_about_company: bool


class Dealer:
    """Spreads the threads over companies, colleagues and two years."""

    def __init__(self, world: World, days: Days, chance: Random) -> None:
        self.world, self.days, self.chance = world, days, chance
        self._told: set[tuple[str, str]] = set()
        self._colleagues = list(world.colleagues.values())

    def deal(self, moments: int) -> list[Deal]:
        """As many tellings as it takes for about this many moments; in the order of time."""
        dealt: list[Deal] = []
        made, scale = 0, 0.5
        uses: dict[str, int] = {}
        while made < moments and scale < 8:
            scale *= 1.12
            for thread in threads():
                wanted = min(round(USES[thread.channel] * scale), thread.most_uses(MOST_EQUAL - 1))
                while uses.get(thread.id, 0) < wanted and made < moments:
                    uses[thread.id] = uses.get(thread.id, 0) + 1
                    found = self._one(thread)
                    if found is None:
                        break
                    dealt.append(found)
                    made += len(thread.messages)
        return sorted(dealt, key=lambda deal: deal.start)

    def _one(self, thread: Thread) -> Deal | None:
        companies = [company for company in self.world.companies if self._fits(company, thread)]
        if not companies:
            return None
        weights = [company.weight for company in companies]
        for _ in range(TRIES):
            company = self.chance.choices(companies, weights=weights)[0]
            start = self._start(thread, company)
            if start is None:
                continue
            job = self._contact(thread, company, start.date())
            if job is None and not thread.is_by_stranger:
                continue
            ours = self._ours(thread, company)
            other = self._other(thread, ours)
            if not ({"collega", "andere_collega"} & thread.slots) and thread.channel in REPORTS:
                ours = self._signing_in(thread, company) or ours
            self._told.add((thread.id, company.key))
            return Deal(thread, company, job, ours, other, start, self._is_about(thread))
        return None

    def _fits(self, company: Company, thread: Thread) -> bool:
        if company.window is None or (thread.id, company.key) in self._told:
            return False
        if thread.who == "any":
            return company.who != "supplier" and (not thread.is_by_stranger or company.who in STRANGERS)
        # The farm of the stories grows plants, the texts are about cows.
        return company.who == thread.who and not (company.is_told and company.who == "farm")

    @staticmethod
    def _is_about(thread: Thread) -> bool:
        """Whether the company has to do with it: not with a rota, nor with a stranger who does not name it."""
        if thread.is_internal or thread.is_by_stranger:
            return bool(thread.slots & {"voornaam", "achternaam", "bedrijf", "adres", "project"})
        return True

    def _start(self, thread: Thread, company: Company) -> datetime | None:
        """A working day in the company's window and the text's season; the recent past a little fuller."""
        if company.window is None:
            return None
        first, last = company.window
        length = (last - first).days
        lasting = sum((message.after for message in thread.messages), timedelta())
        for _ in range(TRIES):
            day = first + timedelta(days=int(length * self.chance.random() ** 0.8))
            is_off = day.weekday() > LAST_MONDAY_TO_FRIDAY or (day.month, day.day) in HOLIDAYS
            if day.month not in thread.months or (is_off and thread.channel != "post"):
                continue
            early, late = HOURS[thread.channel]
            hour = min(late, int(self.chance.triangular(early, late + 1, (early + late) / 2)))
            start = self.days.at(day, time(hour, self.chance.randint(0, 59)))
            if start + lasting * 1.5 + timedelta(days=1) < self.days.now:
                return start
        return None

    def _contact(self, thread: Thread, company: Company, day: date) -> Job | None:
        if thread.is_by_stranger:
            return None
        jobs = company.contacts(day, thread.lang, thread.gender)
        if not jobs:
            return None
        is_money = thread.team == "accounts"
        weights = [self._likely(company.jobs.index(job), is_money=is_money) for job in jobs]
        return self.chance.choices(jobs, weights=weights)[0]

    @staticmethod
    def _likely(place: int, *, is_money: bool) -> float:
        """The first contact is spoken most, the second about money."""
        if is_money:
            return 6.0 if place == 1 else 1.0
        return 4.0 if place == 0 else 1.0 / max(1, place - 1) ** 0.5

    def _ours(self, thread: Thread, company: Company) -> Colleague:
        if thread.by:
            return self.world.colleagues[thread.by]
        named = names_in(thread.words, self._colleagues)
        asked = "sales" if thread.asks_ours else thread.team
        team = [c for c in self.world.team(asked) if c.key not in named and c.key not in ("hanneke", "roelof")]
        if thread.lang == "en":
            team = [c for c in team if c.language == "en"] or team
        else:
            team = [c for c in team if c.language == "nl"] or team
        if company.owner in team and self.chance.random() < 0.85:
            return company.owner
        return self.chance.choice(team or [c for c in self.world.team("sales") if c.key not in named])

    def _other(self, thread: Thread, ours: Colleague) -> Colleague:
        if thread.answers:
            return self.world.colleagues[thread.answers]
        named = names_in(thread.words, self._colleagues)
        eligible = [
            c
            for c in self._colleagues
            if c.key not in named
            and c.first != ours.first
            and not c.is_signing_in
            and c.key not in ("hanneke", "roelof")
        ]
        near = [c for c in eligible if c.team == thread.team and c.language == ours.language]
        is_near = thread.is_internal or self.chance.random() < 0.6
        return self.chance.choice(near if near and is_near else eligible)

    def _signing_in(self, thread: Thread, company: Company) -> Colleague | None:
        """Whoever signs in first finds work of their own: reports on the companies that are theirs."""
        is_theirs = (
            thread.team == "sales" and company.owner is not None and company.owner.is_signing_in and not thread.by
        )
        return self.world.owner if is_theirs and not thread.is_internal else None
