# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people said the company may use their data for: some of every kind, so that each page has a thing to show."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from plein.consent.defaults import default_purposes
from plein.consent.digests import digest_of
from plein.consent.models import (
    Decision,
    InForce,
    NeverContact,
    Purpose,
    PurposeText,
    Restriction,
    RetentionRule,
    Subject,
)
from plein.core.ids import new_id
from plein.example.days import Days
from plein.example.rows import Rows
from plein.example.world import World
from plein.mypage.models import PageRequest
from plein.relations.models import Relation

MONTH = timedelta(days=365.25 / 12)
#: How many said what, to which purpose, and how many days ago at least and at most.
SAID: tuple[tuple[str, str, int, int, int], ...] = (
    ("newsletter", "given", 46, 20, 600),
    ("newsletter", "given", 6, 760, 900),
    ("newsletter", "refused", 9, 30, 500),
    ("newsletter", "withdrawn", 5, 5, 200),
    ("invitations", "given", 18, 10, 400),
    ("invitations", "refused", 4, 40, 300),
    ("introductions", "refused", 3, 15, 200),
    ("introductions", "given", 5, 15, 300),
    ("personal", "refused", 1, 60, 61),
)
HOW = ("mail", "form", "call", "talk", "paper")
NEVER = ("email", "afgemeld@voorbeeld.example")
ASKED = "Mijn achternaam is met een c, en ik werk er niet meer als inkoper."
RESTRICTED = "zegt dat we hem met zijn broer verwarren, gevraagd per brief"


class Consents:
    """Adds the purposes, and what a hundred people said to them."""

    def __init__(self, rows: Rows, world: World, days: Days, chance: Random) -> None:
        self.rows, self.world, self.days, self.chance = rows, world, days, chance
        self.circle = world.circles["everyone"]

    def note(self, operation_id: UUID) -> None:
        """Purposes, decisions, somebody whose data are not used, a request, and what is old enough to go."""
        purposes = {one.key: one for one in self._purposes()}
        people = self._people()
        self.chance.shuffle(people)
        told = iter(people)
        for key, state, count, least, most in SAID:
            for _time in range(count if key in purposes else 0):
                at = self.days.now - timedelta(
                    days=self.chance.randrange(least, most), minutes=self.chance.randrange(600)
                )
                self._decide(next(told), purposes[key], state, at, operation_id)
        self._ask(next(told), next(told))
        self.rows.add(NeverContact(kind=NEVER[0], digest=digest_of(*NEVER), reason="vroeg het per brief"))
        self.rows.add(RetentionRule(key="moment-voicemail", months=18, is_on=True))

    def _purposes(self) -> list[Purpose]:
        present = list(Purpose.objects.all())
        if present:
            texts = {one.purpose_id: one for one in PurposeText.objects.order_by("number")}
            for one in present:
                one.wording = texts[one.id]
            return present
        fresh = default_purposes()
        for one in fresh:
            self.rows.add(one)
            self.rows.add(one.wording)
        return fresh

    def _people(self) -> list[Relation]:
        """Those outside the company whom everybody sees and who may be written to."""
        return [
            one
            for one in self.rows.by_model[Relation]
            if one.kind == "person" and not one.is_ours and one.circle_id == self.circle and not one.do_not_contact
        ]

    def _subject(self, person: Relation) -> Subject:
        return self.rows.add(Subject(relation_id=person.id, circle_id=self.circle))

    def _decide(self, person: Relation, purpose: Purpose, state: str, at: datetime, operation_id: UUID) -> None:
        subject = self._subject(person)
        if state == "withdrawn":
            self._decision(subject, purpose, "given", at - timedelta(days=200), operation_id)
        self._decision(subject, purpose, state, at, operation_id)

    def _decision(self, subject: Subject, purpose: Purpose, state: str, at: datetime, operation_id: UUID) -> None:
        term = purpose.term if state == "given" else None
        ours = self.chance.choice(list(self.world.colleagues.values()))
        about = {"subject_id": subject.id, "purpose_id": purpose.id, "text_id": purpose.wording.id}
        made = self.rows.add(
            Decision(
                id=new_id(),
                circle_id=self.circle,
                state=state,
                decided_at=at,
                holds_until=at + term * MONTH if term else None,
                how=self.chance.choice(HOW),
                seat_id=ours.seat_id,
                operation_id=operation_id,
                recorded_at=at,
                **about,
            )
        )
        self.rows.add(InForce(circle_id=self.circle, decision_id=made.id, **about))

    def _ask(self, asker: Relation, restricted: Relation) -> None:
        asked = self.days.now - timedelta(days=9)
        self.rows.add(
            PageRequest(
                subject_id=self._subject(asker).id,
                circle_id=self.circle,
                kind="correct",
                about=f"Naam: {asker.name}",
                words=ASKED,
                asked_at=asked,
                due_on=(asked + timedelta(days=30)).date(),
            )
        )
        self.rows.add(
            Restriction(
                subject_id=self._subject(restricted).id,
                circle_id=self.circle,
                reason=RESTRICTED,
                since=self.days.now - timedelta(days=20),
                seat_id=self.world.owner.seat_id,
            )
        )
