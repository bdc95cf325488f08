# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do to a company's data, at random: everything that a tie can depend on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from plein.consent.actions import lift_restriction, restrict, set_own_choice, set_steps
from plein.consent.models import Restriction
from plein.consent.vocabulary import Steps
from plein.core.ids import now
from plein.core.operations import CannotUndo, operation, undo
from plein.moments.models import Moment, Participant
from plein.moments.vocabulary import MomentKind
from plein.network.actions import measure_as_plein, set_measure
from plein.network.vocabulary import MEASURE, Measure
from plein.relations.actions import TieTypeFacts, add_tie_type, merge_relations, remove_tie_type
from plein.relations.models import Membership, Relation, Tie, TieType
from plein.relations.vocabulary import TieKind, TieStrength
from plein.testing.factories import make_decision, make_membership, make_organization, make_person
from plein.trust.circles import everyone, only_me
from plein.trust.permissions import may
from plein.trust.seats import Entrance

KINDS = ("visit", "meeting", "call", "email", "email", "email", "chat", "post", "note")


@dataclass
class Company:
    """What was made so far, and how to do something more to it."""

    actor: Entrance
    random: Random
    circles: tuple[int, ...] = ()
    done: list[UUID] = field(default_factory=list)

    def begin(self, people: int = 14, organizations: int = 3) -> None:
        """A few people and organizations, some of them for fewer eyes."""
        self.circles = self.circles or (everyone(), everyone(), everyone(), only_me())
        for number in range(people):
            make_person(f"Person {number}", circle_id=self.circle())
        for number in range(organizations):
            make_organization(f"Firm {number}", circle_id=self.circle())

    def circle(self) -> int:
        return self.random.choice(self.circles)

    def act(self, *, growing: float = 0.0) -> str:
        """One act, one that adds a tie as often as asked; its name."""
        acts = GROWTH if self.random.random() < growing else ACTS
        chosen = self.random.choices(list(acts), weights=list(acts.values()))[0]
        if chosen is turn_back:
            turn_back(self)
        else:
            with operation("act") as made:
                chosen(self)
            self.done.append(made.id)
        return chosen.__name__

    def person(self) -> Relation:
        return self.random.choice(list(Relation.objects.filter(kind="person").order_by("id")))

    def firm(self) -> Relation:
        return self.random.choice(list(Relation.objects.filter(kind="organization").order_by("id")))

    def day(self) -> date | None:
        return self.random.choice([None, now().date() - timedelta(days=self.random.randint(-300, 900))])

    def kind(self) -> dict[str, Any]:
        """A kind of tie: one of Plein's, or one of the company's own."""
        own = list(TieType.objects.order_by("key"))
        if own and self.random.random() < 0.4:
            chosen = self.random.choice(own)
            return {"kind": chosen.key, "type_id": chosen.id}
        return {"kind": self.random.choice(TieKind.values), "type_id": None}

    def moment(self) -> Moment | None:
        found = list(Moment.objects.order_by("id"))
        return self.random.choice(found) if found else None


def record(company: Company) -> None:
    """A contact moment with two to five people, in one statement or one by one."""
    random = company.random
    kind = random.choice(KINDS)
    moment = Moment.objects.create(
        kind=kind,
        state=random.choice(["done", "done", "done", "planned"]),
        nature=random.choice(["personal", "personal", "personal", "newsletter"]),
        occurred_at=now() - timedelta(days=random.randint(-5, 2000)),
        circle_id=company.circle(),
    )
    roles = ["from", *random.choices(["to", "cc", "with", "about"], k=4)] if random.random() < 0.8 else ["with"] * 5
    parts = [
        Participant(moment=moment, relation=company.person(), role=role, occurred_at=moment.occurred_at)
        for role in roles[: random.randint(2, 5)]
    ]
    parts.append(Participant(moment=moment, relation=company.firm(), role="for", occurred_at=moment.occurred_at))
    if random.random() < 0.5:
        Participant.objects.bulk_create(parts)
    else:
        for part in parts:
            part.save(force_insert=True)


def change_moment(company: Company) -> None:
    """Another time, kind, state or circle, or several at once."""
    if moment := company.moment():
        random = company.random
        changes: dict[str, object] = {}
        if random.random() < 0.5:
            changes["occurred_at"] = now() - timedelta(days=random.randint(0, 900))
        if random.random() < 0.5:
            changes["kind"] = random.choice(list(MomentKind.values))
        if random.random() < 0.4:
            changes["state"] = random.choice(["done", "planned", "cancelled"])
        if random.random() < 0.4:
            changes["circle_id"] = company.circle()
        if changes:
            Moment.objects.filter(id=moment.id).update(**changes)


def remove_moments(company: Company) -> None:
    """One or several at once."""
    if moment := company.moment():
        Moment.objects.filter(kind=moment.kind).filter(occurred_at__gte=moment.occurred_at).delete()


def rebind(company: Company) -> None:
    """A participant proves to be somebody else, or nobody we know."""
    parts = list(Participant.objects.exclude(role="for").order_by("id"))
    if parts:
        part = company.random.choice(parts)
        wanted = company.random.choice([None, company.person()])
        Participant.objects.filter(id=part.id).update(relation=wanted)


def drop_participant(company: Company) -> None:
    """Somebody was not there after all."""
    if parts := list(Participant.objects.order_by("id")):
        Participant.objects.filter(id=company.random.choice(parts).id).delete()


def declare(company: Company) -> None:
    """A tie that somebody says there is."""
    one, other = company.person(), company.person()
    own = company.random.choice([None, None, company.circle()])
    asked = company.random.choice([None, None, True, False])
    if one != other:
        changes = company.kind() | {"starts_on": company.day(), "own_circle_id": own, "may_introduce": asked}
        Tie.objects.create(one=one, other=other, **changes)


def change_tie(company: Company) -> None:
    """Ended, of another kind, or no longer."""
    if ties := list(Tie.objects.order_by("id")):
        tie = company.random.choice(ties)
        if company.random.random() < 0.4:
            Tie.objects.filter(id=tie.id).delete()
        else:
            asked = company.random.choice([None, True, False])
            Tie.objects.filter(id=tie.id).update(ends_on=company.day(), may_introduce=asked, **company.kind())


def change_type(company: Company) -> None:
    """A kind of tie of the company's own: a new one, one that is worth something else, or one that becomes another."""
    random = company.random
    types = list(TieType.objects.order_by("key"))
    if not may(company.actor, "manage"):
        return
    if not types or (len(types) < 4 and random.random() < 0.4):
        facts = TieTypeFacts(
            name_en=f"Kind {len(company.done)}",
            strength=random.choice(TieStrength.values),
            percent=random.randint(1, 99),
            may_introduce=random.random() < 0.7,
        )
        add_tie_type(actor=company.actor, facts=facts)
    elif random.random() < 0.2:
        into = random.choice(["knows", "friend", *(one.key for one in types)])
        if into != types[0].key:
            remove_tie_type(actor=company.actor, type=types[0], into=into)
    else:
        changes = {
            "strength": random.choice(TieStrength.values),
            "percent": random.randint(1, 99),
            "may_introduce": random.random() < 0.7,
        }
        TieType.objects.filter(id=random.choice(types).id).update(**changes)


def join(company: Company) -> None:
    """A membership."""
    make_membership(company.person(), company.firm(), starts_on=company.day(), department=company.random.choice("AB "))


def change_membership(company: Company) -> None:
    """Left, or moved to another department or organization."""
    if memberships := list(Membership.objects.order_by("id")):
        one = company.random.choice(memberships)
        if company.random.random() < 0.4:
            Membership.objects.filter(id=one.id).delete()
        else:
            Membership.objects.filter(id=one.id).update(ends_on=company.day(), organization=company.firm())


def move_relation(company: Company) -> None:
    """To another circle, with all that hangs on it."""
    Relation.objects.filter(id=company.person().id).update(circle_id=company.circle())


def remove_relation(company: Company) -> None:
    """Somebody goes, and somebody else comes."""
    Relation.objects.filter(id=company.person().id).delete()
    make_person("New", circle_id=company.circle())


def merge(company: Company) -> None:
    """Two prove to be one."""
    one, other = company.person(), company.person()
    if one != other and one.circle_id == other.circle_id:
        merge_relations(actor=company.actor, into=one, other=other)


def decide(company: Company) -> None:
    """What somebody says about being asked."""
    state = company.random.choice(["given", "refused", "withdrawn"])
    make_decision(company.actor, company.person(), "introductions", state)


def keep_only(company: Company) -> None:
    """Somebody's data are not used, or again."""
    person = company.person()
    if Restriction.objects.filter(subject__relation=person).exists():
        if not may(company.actor, "manage"):
            return
        lift_restriction(actor=company.actor, relation=person)
    else:
        restrict(actor=company.actor, relation=person, reason="They asked.")


def leave_alone(company: Company) -> None:
    """Somebody is not to be contacted, or may be again."""
    person = company.person()
    Relation.objects.filter(id=person.id).update(do_not_contact=not person.do_not_contact)


def choose(company: Company) -> None:
    """The company, or a colleague, chooses whom one may ask."""
    if company.random.random() < 0.5 and may(company.actor, "manage"):
        set_steps(actor=company.actor, steps=company.random.choice(Steps.values))
    else:
        set_own_choice(actor=company.actor, is_open=company.random.random() < 0.5)


def measure(company: Company) -> None:
    """The company measures strength otherwise, or as Plein does again."""
    if not may(company.actor, "manage"):
        return
    if company.random.random() < 0.3:
        measure_as_plein(actor=company.actor)
        return
    weights = {kind: company.random.choice([0.0, 0.5, 1.0, 4.0]) for kind in MEASURE.weights}
    floors = {ground: company.random.choice([0.2, 0.5, 0.8]) for ground in MEASURE.floors}
    wanted = Measure(
        half_life=timedelta(days=company.random.choice([10, 90, 400])),
        reciprocity=company.random.choice([0.0, 0.25, 1.0]),
        even=company.random.choice([0.5, 1.0, 3.0]),
        crowd=company.random.choice([1, 2, 50]),
        weights=weights,
        floors=floors,
    )
    set_measure(actor=company.actor, measure=wanted)


def become_seat(company: Company) -> None:
    """Somebody proves to be the colleague who is acting."""
    Relation.objects.filter(seat_id=company.actor.seat_id).update(seat_id=None)
    Relation.objects.filter(id=company.person().id).update(seat_id=company.actor.seat_id)


def turn_back(company: Company) -> None:
    """An earlier act is undone."""
    if company.done:
        try:
            company.done.append(undo(company.random.choice(company.done)).operation.id)
        except CannotUndo:
            return


ACTS: dict[Callable[[Company], None], int] = {
    record: 30,
    change_moment: 8,
    remove_moments: 3,
    rebind: 5,
    drop_participant: 4,
    declare: 8,
    change_tie: 5,
    change_type: 5,
    join: 8,
    change_membership: 5,
    move_relation: 4,
    remove_relation: 2,
    merge: 2,
    decide: 6,
    keep_only: 3,
    leave_alone: 3,
    choose: 2,
    measure: 2,
    become_seat: 2,
    turn_back: 10,
}
GROWTH: dict[Callable[[Company], None], int] = {record: 5, declare: 3, join: 2, change_type: 1}
