# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network of any size as companies have them: employers of every size, families, friends, business in a trade, a few
whom everybody knows; hidden, ended and coming ties, people who may not be asked or would rather not, by rules alone.

The shape is that of the generator with which the design was measured: power laws for employers and for who is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from plein.consent.actions import restrict, set_steps
from plein.consent.vocabulary import Steps
from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.models import Moment, Participant
from plein.network.models import Answer, Refusal
from plein.relations.actions import TieTypeFacts, add_tie_type
from plein.relations.models import Membership, Relation, Tie, TieType
from plein.testing.factories import make_decision
from plein.trust.circles import everyone
from plein.trust.seats import Entrance

#: How many ties each kind has, per person, and how many lines away from each other its ends are at most in their group.
FRIENDS, WROTE, MET, FOLLOWED, REFERRED = 1.0, 2.3, 1.2, 1.2, 0.1
BETWEEN_FIRMS = ("supplier_of", "customer_of", "part_of")
AT_ONCE = 2000


@dataclass
class Town:
    """What is made, in the name of somebody who may see all of it."""

    actor: Entrance
    random: Random
    size: int
    #: Circles that are not everyone's: one row in thirty lives in one of them.
    narrow: Sequence[int]
    people: list[UUID] = field(default_factory=list)
    firms: list[UUID] = field(default_factory=list)
    types: list[TieType] = field(default_factory=list)

    def build(self) -> None:
        """All of it, in one operation."""
        with operation("act"):
            self._begin()
            Membership.objects.bulk_create(self._memberships(), AT_ONCE)
            Tie.objects.bulk_create(self._ties(), AT_ONCE)
            self._meet()
            self._decide()

    def _circle(self) -> int:
        return self.random.choice(self.narrow) if self.random.random() < 1 / 30 else everyone()

    def _begin(self) -> None:
        firms = max(5, self.size * 3 // 100)
        kinds = ["person"] * (self.size - firms) + ["organization"] * firms
        made = [
            Relation(
                kind=kind,
                name=f"{kind} {number}",
                sort_name=f"{kind} {number:05}",
                circle_id=self._circle(),
                do_not_contact=kind == "person" and self.random.random() < 0.01,
            )
            for number, kind in enumerate(kinds)
        ]
        Relation.objects.bulk_create(made, AT_ONCE)
        self.people = [one.id for one in made if one.kind == "person"]
        self.firms = [one.id for one in made if one.kind == "organization"]
        for strength, percent in (("weak", None), ("exact", 37), ("none", None)):
            facts = TieTypeFacts(name_en=f"Kind {strength}", strength=strength, percent=percent, may_introduce=True)
            self.types.append(add_tie_type(actor=self.actor, facts=facts))
        self.weights = [*accumulate((number + 1.0) ** -0.8 for number in range(firms))]
        fame = [(number + 8.0) ** -0.6 for number in range(len(self.people))]
        self.random.shuffle(fame)
        self.fame = [*accumulate(fame)]

    def _firm(self) -> UUID:
        return self.random.choices(self.firms, cum_weights=self.weights)[0]

    def _known(self) -> UUID:
        """Somebody, the known ones more often."""
        return self.random.choices(self.people, cum_weights=self.fame)[0]

    def _days(self, *, ended: float, coming: float = 0.02) -> dict[str, date | None]:
        today, odds = now().date(), self.random.random()
        begun = today - timedelta(days=self.random.randint(200, 4000)) if self.random.random() < 0.7 else None
        if odds < ended:
            return {"starts_on": begun, "ends_on": today - timedelta(days=self.random.randint(1, 199))}
        if odds < ended + coming:
            return {"starts_on": today + timedelta(days=self.random.randint(1, 90)), "ends_on": None}
        return {"starts_on": begun, "ends_on": None}

    def _memberships(self) -> list[Membership]:
        made = []
        for person in self.people:
            made.append(self._membership(person, ended=0.12))
            if self.random.random() < 0.35:
                made.append(self._membership(person, ended=1.0))
        return made

    def _membership(self, person: UUID, *, ended: float) -> Membership:
        team = f"Team {self.random.randint(1, 8)}"
        return Membership(
            person_id=person, organization_id=self._firm(), department=team, **self._days(ended=ended)
        )  # fmt: skip

    def _pairs(self) -> Iterator[tuple[UUID, UUID, dict[str, Any]]]:
        random, count = self.random, len(self.people)
        shuffled = random.sample(self.people, count)
        for place in range(0, count - 1, 4):
            for other in shuffled[place + 1 : place + 4]:
                yield shuffled[place], other, {"kind": "family"}
        shuffled = random.sample(self.people, count)
        for place, one in enumerate(shuffled):
            if random.random() < FRIENDS:
                yield one, shuffled[(place + random.randint(1, 12)) % count], {"kind": "friend"}
        for _number in range(int(FOLLOWED * count)):
            yield random.choice(self.people), self._known(), {"kind": random.choice(["follows", "connected"])}
        for _number in range(int(REFERRED * count)):
            kind = random.choice(["referred_by", "advised", "knows", "ex_colleague"])
            yield self._known(), self._known(), {"kind": kind}
        for _number in range(count // 10):
            type = random.choice(self.types)
            yield random.choice(self.people), self._known(), {"kind": type.key, "type_id": type.id}
        for _number in range(self.size // 10):
            yield random.choice(self.firms), random.choice(self.firms), {"kind": random.choice(BETWEEN_FIRMS)}

    def _ties(self) -> list[Tie]:
        return [
            Tie(
                one_id=one,
                other_id=other,
                own_circle_id=None if (circle := self._circle()) == everyone() else circle,
                may_introduce=self.random.choice([None] * 8 + [True, False]),
                **kind,
                **self._days(ended=0.1),
            )
            for one, other, kind in self._pairs()
            if one != other
        ]

    def _meet(self) -> None:
        moments, parts = [], []
        for ratio, kinds in ((WROTE, ("email", "email", "call", "chat")), (MET, ("meeting", "visit"))):
            for _number in range(int(ratio * len(self.people))):
                pair = self._known(), self.random.choice(self.people)
                circle = self._circle()
                for _time in range(self.random.choice([1, 1, 1, 2, 3])):
                    age = timedelta(days=min(self.random.expovariate(1 / 300), 3000))
                    moment = Moment(kind=self.random.choice(kinds), occurred_at=now() - age, circle_id=circle)
                    moments.append(moment)
                    ends = pair if self.random.random() < 0.6 else pair[::-1]
                    for one, role in zip(ends, ("from", "to"), strict=True):
                        parts.append(
                            Participant(moment=moment, relation_id=one, role=role, occurred_at=moment.occurred_at)
                        )
        Moment.objects.bulk_create(moments, AT_ONCE)
        Participant.objects.bulk_create(parts, AT_ONCE)

    def _decide(self) -> None:
        """Whom one may not ask, whose data are not used, and who would rather not."""
        set_steps(actor=self.actor, steps=Steps.OBJECTION)
        some = self.random.sample(self.people, max(4, len(self.people) // 12))
        for one in Relation.objects.filter(id__in=some[: len(some) * 3 // 4]):
            make_decision(self.actor, one, "introductions", "refused")
        for one in Relation.objects.filter(id__in=some[-max(1, len(some) // 10) :]):
            restrict(actor=self.actor, relation=one, reason="They asked.")

    def answered(self, seats: Sequence[UUID]) -> None:
        """Some were asked before: a few say no to most, or never want to be asked about somebody."""
        with operation("act"):
            for one in self.random.sample(self.people, max(3, len(self.people) // 20)):
                at = now() - timedelta(days=self.random.randint(40, 300))
                for number in range(self.random.randint(3, 5)):
                    is_yes = self.random.random() < 0.3
                    Answer.objects.create(person_id=one, seat_id=seats[number % len(seats)], is_yes=is_yes, at=at)
            Refusal.objects.bulk_create(
                Refusal(person_id=one, target_id=other, seat_id=self.random.choice([None, *seats]))
                for _number in range(self.size // 2)
                for one, other in [self.random.sample(self.people, 2)]
            )
