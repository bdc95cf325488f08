# SPDX-License-Identifier: AGPL-3.0-or-later
"""A square: Alice, Bob and seven others work here, each a person; Alice knows some of them well."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.actions import Part, record_moment
from plein.moments.models import Moment
from plein.questions.actions import Call, answer_question, ask_question, decline_question, pass_question
from plein.questions.models import Answer, Question, Turn
from plein.questions.queries import turn_of
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast, without_reactions
from plein.testing.factories import make_person
from plein.trust.actions import give_seat, make_user
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
OTHERS = ("dana", "erik", "fleur", "gijs", "hanna", "ivo", "jet")
PUMPS = "Wie weet iets van warmtepompen?"


@dataclass
class Square:
    """Everybody by name: as a user, and as a person."""

    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Relation] = field(default_factory=dict)

    def wrote(self, name: str, text: str, with_parts: Sequence[Part] = (), **more: Any) -> Moment:
        """One of them writes a note, for everyone here unless told otherwise."""
        with entered(self.users[name]) as actor:
            return record_moment(actor=actor, participants=with_parts, text=text, **{"kind": "note"} | more)

    def ask(self, name: str = "alice", text: str = PUMPS, *whom: str, circle: str = "everyone") -> Question:
        """One of them asks, of the best or of the named."""
        with entered(self.users[name]) as actor:
            call = Call(text, tuple(self.people[one].id for one in whom), circle)
            return ask_question(actor=actor, call=call)

    def turn(self, name: str, question: Question) -> Turn | None:
        """Whether one of them is asked it."""
        with entered(self.users[name]) as actor:
            return turn_of(question.id, actor.seat_id)

    def answer(self, name: str, question: Question, text: str = "Vraag het Nefit.") -> Answer:
        """One of them answers."""
        with entered(self.users[name]) as actor:
            turn = turn_of(question.id, actor.seat_id)
            assert turn is not None
            return answer_question(actor=actor, turn=turn, text=text)

    def decline(self, name: str, question: Question) -> None:
        """One of them puts it aside."""
        with entered(self.users[name]) as actor:
            turn = turn_of(question.id, actor.seat_id)
            assert turn is not None
            decline_question(actor=actor, turn=turn)

    def pass_on(self, name: str, question: Question, to: str = "", remark: str = "") -> None:
        """One of them passes it on."""
        with entered(self.users[name]) as actor:
            turn = turn_of(question.id, actor.seat_id)
            assert turn is not None
            pass_question(actor=actor, turn=turn, person=self.people[to].id if to else None, remark=remark)

    def asked(self, question: Question) -> set[str]:
        """Who has or had it."""
        return {name for name in self.users if self.turn(name, question) is not None}


@pytest.fixture
def square(cast: Cast) -> Square:
    """All of them, and that Alice and Dana are friends."""
    users = {"alice": cast.alice, "bob": cast.bob}
    with without_reactions():
        for name in OTHERS:
            users[name] = make_user(email=f"{name}@plein.example", name=name.title(), language="en")
            give_seat(workspace=cast.here, user=users[name], role=Role.MEMBER)
    with entered(cast.alice):
        people = {name: make_person(name.title(), is_ours=True) for name in users}
        with operation("keep_colleague"):
            for name, user in users.items():
                seat = Seat.objects.get(user=user).id
                Relation.objects.filter(id=people[name].id).update(seat_id=seat)
                people[name].seat_id = seat
            Tie.objects.create(one=people["alice"], other=people["dana"], kind="friend")
    return Square(users, people)


def work(*kinds: str) -> list[str]:
    """What the worker does now of these kinds, and what follows from it; the names of what it did."""
    done: list[str] = []
    while True:
        with no_workspace("test"), connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' "
                           "AND task_name LIKE ANY (%s) AND coalesce(scheduled_at, now()) <= now() "
                           "RETURNING task_name, args",
                           [[f"{kind}%" for kind in kinds or ("questions.",)]])  # fmt: skip
            rows = cursor.fetchall()
        if not rows:
            return done
        for name, args in rows:
            done.append(name)
            app.tasks[name].func(**(args if isinstance(args, dict) else json.loads(args)))


def due(*kinds: str) -> None:
    """Time goes by: what was planned for later comes now."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' "
                       "AND task_name LIKE ANY (%s)", [[f"questions.{kind}%" for kind in kinds]])  # fmt: skip


def over(user: User, question: Question, **changes: Any) -> None:
    """Time goes by for a question."""
    with entered(user), operation("widen_question"):
        Question.objects.filter(id=question.id).update(**changes)
