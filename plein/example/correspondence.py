# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells a thread: its messages become moments with their participants, subjects, texts, attachments and to-dos."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from plein.core.ids import new_id
from plein.example.days import LAST_MONDAY_TO_FRIDAY, WEEKDAYS, Days, day_in_words, on_working_day
from plein.example.dealing import REPORTS, Deal
from plein.example.library import Message, read
from plein.example.places import slug
from plein.example.rows import Part, Rows, part_of
from plein.example.staff import NAME
from plein.example.stationery import Stationery
from plein.example.world import Somebody, World
from plein.example.writing import Filling, Writer
from plein.moments.models import ToDo
from plein.relations.contact import handle
from plein.relations.models import ContactPoint
from plein.relations.vocabulary import Source

#: The subject of outcomes.toml for the second word of a thread's id.
ABOUT = {
    "intro": "acquaintance",
    "offer": "offer",
    "order": "order",
    "deliver": "delivery",
    "delivery": "delivery",
    "fault": "fault",
    "maint": "maintenance",
    "complaint": "complaint",
    "pay": "payment",
    "project": "project",
    "train": "training",
    "rel": "contact",
}
MINUTES = {"visit": (30, 60, 60, 90, 120), "meeting": (30, 60, 60, 90), "call": (4, 7, 10, 15, 25)}
STRANGERS = (
    "Wilma Oosting",
    "Greet Vlieger",
    "Tessa Bolhuis",
    "Marga Dunnink",
    "Joke Steunebrink",
    "Imke Rozeboom",
    "Hilde Tromp",
    "Bea Leemhuis",
    "Noor Wiltink",
    "Tilly Brandsma",
)


@dataclass
class Said:
    """The message before, for whoever quotes it."""

    who: Somebody
    address: str
    at: datetime
    body: str


class Teller:
    """Tells one thread after another."""

    def __init__(self, rows: Rows, world: World, days: Days, writer: Writer, chance: Random) -> None:
        self.rows, self.world, self.days, self.writer, self.chance = rows, world, days, writer, chance
        self.stationery = Stationery(rows, chance)
        self._our_profile: UUID | None = None

    def tell(self, deal: Deal) -> None:
        """All messages of a thread, as far as they lie in the past."""
        stranger = self._stranger(deal) if deal.thread.is_by_stranger else None
        contact = stranger or (deal.job.person if deal.job else None)
        lasting = sum((message.after for message in deal.thread.messages), timedelta())
        filling = self.writer.filling(
            company=deal.company,
            contact=contact,
            ours=deal.ours,
            other=deal.other,
            lang=deal.thread.lang,
            team=deal.thread.team,
            start=deal.start.date(),
            end=(deal.start + lasting).date(),
        )
        thread_id, at, before = new_id(), deal.start, None
        subject = self.writer.line(deal.thread.messages[0].subject, filling)
        circle, text_circle = self._circles(deal)
        for place, message in enumerate(deal.thread.messages):
            at = self._next(at, message)
            body = self.writer.render(message.text, filling) if at < self.days.now else None
            if body is None:
                return
            sender, receiver = self._speakers(deal, place, message, contact)
            title = self._title(deal, place, message, subject, filling)
            text, quote_from, signature_from = self._dressed(deal, place, message, body, sender, before)
            facts = {key: self.writer.line(value, filling) for key, value in message.facts.items()}
            if place == 0 and not facts:
                facts = self._facts(deal)
            moment, told = self.rows.moment(
                deal.thread.channel,
                self._direction(deal, message),
                at,
                self._parts(deal, place, message, sender, receiver),
                text=text,
                subject=title,
                facts=facts,
                circle=circle,
                text_circle=text_circle,
                thread_id=thread_id,
                recorded_by=self._recorder(deal, sender, receiver),
                quote_from=quote_from,
                signature_from=signature_from,
                minutes=self.chance.choice(MINUTES[deal.thread.channel]) if deal.thread.channel in MINUTES else 0,
                location=deal.company.place if deal.thread.channel == "visit" else "",
            )
            self._follow_up(deal, moment.id, at, facts, circle)
            self.stationery.attach(deal, message, moment, told, filling)
            before = Said(sender, self._address(deal, sender), at, body)

    def _stranger(self, deal: Deal) -> Somebody:
        name = "Bezoeker van de site" if deal.thread.channel == "chat" else self.chance.choice(STRANGERS)
        stranger = Somebody("stranger", name, "f", deal.thread.lang, new_id())
        if deal.thread.channel == "post":
            value = f"{name.replace(' ', '').lower()}@koelpraat.example"
            point = self.rows.add(ContactPoint(kind="handle", network="mastodon", value=value, display=f"@{value}"))
            stranger.points["handle"] = point.id
        return stranger

    def _circles(self, deal: Deal) -> tuple[int | None, int | None]:
        """Some notes are for one team; now and then everyone may know that we spoke, but not of what."""
        luck, team = self.chance.random(), f"team:{deal.thread.team}"
        if deal.thread.channel == "note":
            for_team = luck < (0.5 if deal.thread.team == "accounts" else 0.08)
            return (self.world.circles[team] if for_team else None), None
        if deal.ours.is_signing_in and luck < 0.1:
            return self.world.circles["me:owner"], None
        hides_text = deal.thread.channel in REPORTS and deal.thread.team in ("sales", "accounts") and luck < 0.03
        return None, self.world.circles[team] if hides_text else None

    def _next(self, at: datetime, message: Message) -> datetime:
        """When the next message comes: ours in office hours, theirs not in the night; quick answers stay quick."""
        wanted = at + message.after * (self.chance.uniform(0.8, 1.25) if message.after else 1)
        if message.after < timedelta(hours=3):
            return wanted
        early, late = (7, 18) if message.is_ours else (6, 22)
        day = wanted.date() + timedelta(days=wanted.hour >= late)
        is_off = not early <= wanted.hour < late
        if message.is_ours and day.weekday() > LAST_MONDAY_TO_FRIDAY:
            day, is_off = on_working_day(day), True
        clock = time(early + 1, self.chance.randint(0, 59)) if is_off else wanted.time()
        return self.days.at(day, clock)

    def _speakers(
        self, deal: Deal, place: int, message: Message, contact: Somebody | None
    ) -> tuple[Somebody, Somebody | None]:
        if deal.thread.is_internal:
            pair = (deal.other, deal.ours) if deal.thread.asks_ours else (deal.ours, deal.other)
            pair = pair if place % 2 == 0 else (pair[1], pair[0])
            return pair if deal.thread.channel != "note" else (deal.ours, None)
        if contact is None:
            return deal.ours, None
        return (deal.ours, contact) if message.is_ours else (contact, deal.ours)

    def _parts(
        self, deal: Deal, place: int, message: Message, sender: Somebody, receiver: Somebody | None
    ) -> list[Part]:
        channel = deal.thread.channel
        is_first_post = channel == "post" and place == 0 and message.is_ours
        is_together = channel in ("visit", "meeting")
        parts = [self._part(deal, sender, "with" if is_together else "from")]
        if receiver is not None and not is_first_post and channel != "note":
            parts.append(self._part(deal, receiver, "with" if is_together else "to"))
        if is_first_post:
            return [*parts, Part("for", self.world.ours, is_ours=True)]
        if deal.thread.is_internal and deal.is_about_company and deal.job is not None:
            parts.append(part_of(deal.job.person, "about", ""))
        if channel == "email" and deal.job is not None and self.chance.random() < 0.1:
            parts += self._copies(deal)
        if deal.is_about_company:
            is_topic = deal.thread.is_internal or deal.thread.is_by_stranger
            parts.append(Part("about" if is_topic else "for", deal.company.relation_id))
        return parts

    def _part(self, deal: Deal, somebody: Somebody, role: str) -> Part:
        if somebody.key == "stranger":
            return Part(role, None, somebody.points.get("handle"), somebody.name)
        is_contact = deal.job is not None and somebody is deal.job.person
        point: UUID | None = None
        if deal.thread.channel == "post" and "handle" not in somebody.points:
            somebody.points["handle"] = self._profile(somebody, is_ours=not is_contact)
        if is_contact and deal.thread.channel == "letter":
            point = deal.company.points.get("postal")
        elif is_contact and deal.thread.channel == "email" and deal.job is not None:
            point = deal.job.email_point
        return part_of(somebody, role, deal.thread.channel, is_ours=not is_contact, point=point)

    def _profile(self, somebody: Somebody, *, is_ours: bool) -> UUID:
        """Who posts is seen to post somewhere: we all post under the company's name."""
        if not is_ours:
            profile = handle(f"{slug(somebody.first)}-{slug(somebody.last)}", network="linkedin")
            return self.rows.contact_point(somebody.relation_id, profile)
        if self._our_profile is None:
            profile = handle("company/noorderlicht-techniek", network="linkedin")
            self._our_profile = self.rows.contact_point(self.world.ours or new_id(), profile)
        return self._our_profile

    def _copies(self, deal: Deal) -> list[Part]:
        jobs = [
            job
            for job in deal.company.contacts(deal.start.date(), deal.thread.lang, "")
            if deal.job is not None and job.person is not deal.job.person
        ]
        if jobs and self.chance.random() < 0.7:
            job = self.chance.choice(jobs)
            return [part_of(job.person, "cc", "email", point=job.email_point)]
        return [part_of(deal.other, "cc", "email", is_ours=True)]

    @staticmethod
    def _direction(deal: Deal, message: Message) -> str:
        if deal.thread.is_internal:
            return "internal"
        return "outbound" if message.is_ours else "inbound"

    @staticmethod
    def _recorder(deal: Deal, sender: Somebody, receiver: Somebody | None) -> UUID:
        speaks = receiver if sender is not deal.ours and receiver is deal.other else sender
        return deal.other.seat_id if speaks is deal.other else deal.ours.seat_id

    def _title(self, deal: Deal, place: int, message: Message, subject: str, filling: Filling) -> str:
        if message.subject:
            return self.writer.line(message.subject, filling) if place else subject
        return f"Re: {subject}" if deal.thread.channel == "email" and subject else ""

    def _address(self, deal: Deal, sender: Somebody) -> str:
        if deal.job is not None and sender is deal.job.person:
            return deal.job.email
        return sender.addresses.get("email", "")

    def _dressed(
        self, deal: Deal, place: int, message: Message, body: str, sender: Somebody, before: Said | None
    ) -> tuple[str, int | None, int | None]:
        """A mail with our signature now and then, and with what it answers below it."""
        text, quote_from, signature_from = body, None, None
        if deal.thread.channel != "email":
            return text, None, None
        if message.is_ours and self.chance.random() < (0.5 if place == 0 else 0.2):
            signature_from = len(text) + 2
            text += f"\n\n-- \n{sender.name}\n{deal.ours.title} | {NAME}\nHanzelaan 118, Zwolle | 038 001 2000"
        if before is not None and self.chance.random() < 0.4:
            quote_from = len(text) + 2
            quoted = "\n".join(f"> {line}".rstrip() for line in before.body.split("\n"))
            text += f"\n\n{_quoting(before, deal.thread.lang)}\n{quoted}"
        return text, quote_from, signature_from

    def _facts(self, deal: Deal) -> dict[str, str]:
        """What a report was for and what came of it, when whoever wrote it left that out."""
        words = deal.thread.id.split("-")
        about = ABOUT.get(words[1]) if len(words) > 1 else None
        if (
            about is None
            or deal.thread.channel not in REPORTS
            or deal.thread.channel == "letter"
            or self.chance.random() < 0.35
        ):
            return {}
        outcomes = read("texts/outcomes")
        keys = ["purpose", "outcome", "follow_up", "means_needed"][: self.chance.randint(1, 4)]
        return {key: self.chance.choice(outcomes[key][deal.thread.lang][about]) for key in keys}

    def _follow_up(self, deal: Deal, moment_id: UUID, at: datetime, facts: dict[str, str], circle: int | None) -> None:
        """What was to follow became a to-do: the recent ones are open, most older ones were done."""
        age = (self.days.now - at).days
        if "follow_up" not in facts or (age > 12 and self.chance.random() > 0.12) or not deal.is_about_company:
            return
        due = on_working_day(at.date() + timedelta(days=self.chance.randint(1, 9)))
        is_done = age > 12 or self.chance.random() < 0.3
        done_at = min(self.days.at(due, time(self.chance.randint(9, 16), 20)), self.days.now - timedelta(minutes=9))
        relation = deal.job.person.relation_id if deal.job and self.chance.random() < 0.5 else deal.company.relation_id
        self.rows.add(
            ToDo(
                title=facts["follow_up"][:300],
                means_needed=facts.get("means_needed", ""),
                due_on=due,
                relation_id=relation,
                moment_id=moment_id,
                assignee_id=deal.ours.seat_id,
                source=Source.EXAMPLE,
                created_at=at,
                updated_at=at,
                done_at=done_at if is_done else None,
                done_by_id=deal.ours.seat_id if is_done else None,
                **({} if circle is None else {"circle_id": circle}),
            )
        )


def _quoting(before: Said, lang: str) -> str:
    day = f"{day_in_words(before.at.date(), lang)} {before.at.year}"
    if lang == "en":
        return f"On {day} at {before.at:%H:%M}, {before.who.name} <{before.address}> wrote:"
    weekday = WEEKDAYS["nl"][before.at.weekday()][:2]
    return f"Op {weekday} {day} om {before.at:%H:%M} schreef {before.who.name} <{before.address}>:"
