# SPDX-License-Identifier: AGPL-3.0-or-later
"""Things are shared, moved, merged, removed and brought back, teams change, colleagues are suspended, in any order.

Whatever happened, what each of them reaches through every door is what an oracle says that knows nothing of databases.
"""

import os
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from plein.api.tests.conftest import Caller
from plein.core.models import Operation
from plein.core.operations import CannotUndo, undo
from plein.relations.actions import Choices, change_circle, create_person, delete_relation, merge_relations
from plein.relations.models import Relation
from plein.testing.cast import Cast, sign_in, without_reactions
from plein.testing.figures import Judge
from plein.trust.actions import change_seat, change_team, give_seat, make_team, make_token, make_user, revoke_token
from plein.trust.models import ApiToken, Role, Seat, Team, User
from plein.trust.seats import entered

IS_NIGHT = bool(os.environ.get("PLEIN_NIGHTLY"))
NAMES = ("alice", "bob", "dora", "eve")
TEAMS = ("Sales", "Board")
KINDS = ("everyone", "me", "team", "people")
AMONG = st.tuples(st.sampled_from(TEAMS), st.sampled_from(NAMES))
#: How many, per commit and at night.
SEQUENCES = {False: 4, True: 300}
WORD = "Wilgenroos"
#: For whom something is: who is in all of these, each a team or people by name. For everyone there are none.
type Part = tuple[str, frozenset[str]]
type Audience = frozenset[Part]
EVERYONE: Audience = frozenset()
GONE: Audience = frozenset({("people", frozenset())})


@dataclass
class Oracle:
    """Who reaches what, in as few words as it can be said."""

    teams: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in TEAMS})
    suspended: set[str] = field(default_factory=set)
    #: Whose token was revoked: they have the pages only.
    without_token: set[str] = field(default_factory=set)
    things: dict[UUID, Audience] = field(default_factory=dict)
    #: What was done, each to one thing or to two: what it was before and after; and which of it was turned back.
    log: list[dict[UUID, tuple[Audience, Audience]]] = field(default_factory=list)
    turned: set[int] = field(default_factory=set)

    def reach(self, who: str) -> set[UUID]:
        return {thing for thing, audience in self.things.items() if self.reaches(who, audience)}

    def reaches(self, who: str, audience: Audience) -> bool:
        return who not in self.suspended and all(who in self.members(*part) for part in audience)

    def members(self, kind: str, among: frozenset[str]) -> set[str] | frozenset[str]:
        return set().union(*(self.teams[one] for one in among)) if kind == "team" else among

    def do(self, **after: Audience) -> None:
        done = {UUID(thing): audience for thing, audience in after.items()}
        self.log.append({thing: (self.things.get(thing, GONE), audience) for thing, audience in done.items()})
        self.things |= done

    def undo(self, number: int) -> None:
        self.turned.add(number)
        for thing, (before, after) in self.log[number].items():
            is_creation = not any(thing in one for one in self.log[:number])
            # What was itself turned back does not count as later.
            later = [one for at, one in enumerate(self.log) if at > number and at not in self.turned]
            was_touched = any(thing in one for one in later)
            if self.things[thing] == after and not (is_creation and was_touched):
                self.things[thing] = before

    def turnable(self) -> list[int]:
        """What may be turned back here: a merge only while nothing happened to either of the two since."""
        return [
            number
            for number, done in enumerate(self.log)
            if number not in self.turned
            and (len(done) == 1 or not any(done.keys() & one.keys() for one in self.log[number + 1 :]))
        ]


def caller_of(cast: Cast, user: User) -> Caller:
    return Caller(make_token(user=user, workspace=cast.here, scope="all"))


def ids_in(answer: Any) -> set[UUID]:
    return {UUID(one["id"]) for one in answer["items"]}


class Sharing(RuleBasedStateMachine):
    """Random acts of four colleagues, and after each of them what they reach."""

    cast: Cast
    users: dict[str, User]
    everybodys: dict[str, Caller]
    looked = 0

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        self.callers = dict(Sharing.everybodys)
        self.operations: list[tuple[str, UUID]] = []
        self.turn = 0
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def key_of(self, who: str, kind: str, among: tuple[str, str]) -> tuple[str, Audience] | None:
        """What somebody chooses in a form, and what the oracle calls it; None for what they may not choose."""
        team, other = among
        if kind == "team":
            may = who in self.oracle.teams[team]
            return (f"team:{self.team(team).id}", frozenset({("team", frozenset({team}))})) if may else None
        if kind == "people":
            seats = Seat.objects.filter(user__in=[self.users[who], self.users[other]]).values_list("id", flat=True)
            named = frozenset({("people", frozenset({who, other}))})
            return (f"people:{','.join(map(str, seats))}", named) if self.able(other) else None
        return (kind, EVERYONE if kind == "everyone" else frozenset({("people", frozenset({who}))}))

    def team(self, name: str) -> Team:
        return Team.objects.get(name=name)

    def noted(self, who: str) -> None:
        self.operations.append((who, Operation.objects.order_by("-started_at", "-id").values_list("id", flat=True)[0]))

    def able(self, who: str) -> bool:
        return who not in self.oracle.suspended

    @rule(who=st.sampled_from(NAMES), kind=st.sampled_from(KINDS), among=AMONG)
    def creates(self, who: str, kind: str, among: tuple[str, str]) -> None:
        if self.able(who):
            with entered(self.users[who]) as actor:
                if chosen := self.key_of(who, kind, among):
                    name = f"{WORD} {len(self.oracle.things)}"
                    made = create_person(actor=actor, name=name, circle_key=chosen[0])
                    self.noted(who)
                    self.oracle.do(**{str(made.id): chosen[1]})

    @precondition(lambda self: self.oracle.things)
    @rule(
        data=st.data(),
        who=st.sampled_from(NAMES),
        kind=st.sampled_from(KINDS),
        among=AMONG,
    )
    def moves(self, data: st.DataObject, who: str, kind: str, among: tuple[str, str]) -> None:
        mine = sorted(self.oracle.reach(who))
        if mine:
            thing = data.draw(st.sampled_from(mine))
            with entered(self.users[who]) as actor:
                chosen = self.key_of(who, kind, among)
                if chosen and chosen[1] != self.oracle.things[thing]:
                    change_circle(actor=actor, relation=Relation.objects.get(id=thing), circle_key=chosen[0])
                    self.noted(who)
                    self.oracle.do(**{str(thing): chosen[1]})

    @precondition(lambda self: self.oracle.things)
    @rule(data=st.data(), who=st.sampled_from(NAMES))
    def removes(self, data: st.DataObject, who: str) -> None:
        mine = sorted(self.oracle.reach(who))
        if mine:
            thing = data.draw(st.sampled_from(mine))
            with entered(self.users[who]) as actor:
                delete_relation(actor=actor, relation=Relation.objects.get(id=thing))
                self.noted(who)
            self.oracle.do(**{str(thing): GONE})

    @precondition(lambda self: len(self.oracle.things) > 1)
    @rule(data=st.data(), who=st.sampled_from(NAMES))
    def makes_one_of_two(self, data: st.DataObject, who: str) -> None:
        """The one that stays takes the name of the other, and is for who saw both."""
        mine = sorted(self.oracle.reach(who))
        if len(mine) > 1:
            into, other = data.draw(st.lists(st.sampled_from(mine), min_size=2, max_size=2, unique=True))
            with entered(self.users[who]) as actor:
                left, right = (Relation.objects.get(id=one) for one in (into, other))
                chosen = Choices({"name": "right"}, "both")
                merge_relations(actor=actor, into=left, other=right, choices=chosen)
                self.noted(who)
            both = self.oracle.things[into] | self.oracle.things[other]
            self.oracle.do(**{str(into): both, str(other): GONE})

    @precondition(lambda self: self.oracle.turnable())
    @rule(data=st.data())
    def turns_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.oracle.turnable()))
        who, operation_id = self.operations[number]
        if self.able(who):
            with entered(self.users[who]):
                try:
                    undo(operation_id)
                except CannotUndo as reason:
                    # Who does not see it any more, is told of nothing that could be turned back.
                    assert reason.reason == "unknown" and not self.oracle.log[number].keys() & self.oracle.reach(who)
                    return
            self.oracle.undo(number)

    @rule(team=st.sampled_from(TEAMS), who=st.sampled_from(NAMES))
    def joins_or_leaves(self, team: str, who: str) -> None:
        members = self.oracle.teams[team]
        members ^= {who}
        with entered(self.users["alice"]) as alice:
            seats = Seat.objects.filter(user__in=[self.users[one] for one in members]).values_list("id", flat=True)
            change_team(actor=alice, team=self.team(team), name=team, seats=list(seats))

    @rule(who=st.sampled_from(NAMES))
    def loses_a_token_or_gets_another(self, who: str) -> None:
        if self.able(who):
            self.oracle.without_token ^= {who}
            if who in self.oracle.without_token:
                with entered(self.users[who]) as actor:
                    for token in ApiToken.objects.filter(user=actor.user, revoked_at=None):
                        revoke_token(actor=actor, token_id=token.id)
            else:
                self.callers[who] = caller_of(self.cast, self.users[who])

    @rule(who=st.sampled_from(NAMES[1:]))
    def is_suspended_or_back(self, who: str) -> None:
        self.oracle.suspended ^= {who}
        with entered(self.users["alice"]) as alice:
            seat = Seat.objects.get(user=self.users[who])
            change_seat(actor=alice, seat=seat, role=Role.MEMBER, is_active=self.able(who))

    @invariant()
    def everybody_reaches_what_the_oracle_says(self) -> None:
        """One of them after each act, in turn, through every door."""
        self.turn += 1
        who = NAMES[self.turn % len(NAMES)]
        caller, page, reach = self.callers[who], Client(), self.oracle.reach(who)
        # Anew each time: who is suspended loses their session.
        sign_in(page, self.users[who])
        Sharing.looked += 1
        if not self.able(who):
            assert caller.get("/relations").status_code == 401
            assert page.get("/people/").status_code == 302
            return
        people = page.get("/people/?f=").content.decode()
        for thing in self.oracle.things:
            assert (page.get(f"/relations/{thing}/").status_code == 200) == (thing in reach)
            assert (str(thing) in people) == (thing in reach)
        if who in self.oracle.without_token:
            assert caller.get("/relations").status_code == 401
            return
        assert ids_in(caller.read("/relations", limit=200)) == reach
        assert ids_in(caller.read("/search", q=WORD, limit=100)) == reach
        assert ids_in(caller.read("/lists/person", limit=200)) == reach
        assert caller.read("/lists/person/count")["count"] == len(reach)
        for thing in self.oracle.things:
            answer = caller.get(f"/relations/{thing}")
            # The old address of what was merged leads to the one it is now, for who reaches that.
            found = UUID(answer.json()["id"]) if answer.status_code == 200 else None
            assert (found == thing) == (thing in reach) and found in {None, *reach}


@pytest.mark.django_db
@pytest.mark.timeout(7_200)
def test_what_everybody_reaches_is_what_an_oracle_says(cast: Cast, judge: Judge) -> None:
    users = {"alice": cast.alice, "bob": cast.bob}
    with without_reactions():
        for name in NAMES[2:]:
            users[name] = make_user(email=f"{name}@plein.example", name=name.title(), language="en")
            give_seat(workspace=cast.here, user=users[name], role=Role.MEMBER)
    with entered(cast.alice) as alice:
        make_team(actor=alice, name="Board", seats=[])
        change_team(actor=alice, team=Team.objects.get(name="Sales"), name="Sales", seats=[])
    Sharing.cast, Sharing.users, Sharing.looked = cast, users, 0
    Sharing.everybodys = {name: caller_of(cast, user) for name, user in users.items()}

    is_good = False
    try:
        run_state_machine_as_test(Sharing, settings=how())
        is_good = True
    finally:
        judge(
            "reach after random acts: differences from the oracle",
            goal=f"0 in {SEQUENCES[IS_NIGHT]} sequences",
            measured=f"{'0' if is_good else 'some'} of {Sharing.looked:,} looks",
            is_good=is_good,
        )


def how() -> settings:
    """The same few sequences per commit, others every night."""
    return settings(
        max_examples=SEQUENCES[IS_NIGHT],
        stateful_step_count=40 if IS_NIGHT else 15,
        deadline=None,
        database=None,
        derandomize=not IS_NIGHT,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if IS_NIGHT else [Phase.generate],
    )
