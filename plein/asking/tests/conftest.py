# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two ways from Alice to Rik: through Bob, a colleague, and through Henk and Ans, who work elsewhere."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from plein.asking.actions import Wish, answer_introduction, ask_introduction
from plein.asking.models import IntroductionRequest, Turn
from plein.channels.actions import ServerFacts, set_mail_server
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.outbox.models import Mail
from plein.relations.models import Relation, Tie
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box, mail_server
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
LINK = re.compile(r"http://[^/\s]+(/my/introduction/[\w-]{43}/)")


@dataclass(frozen=True)
class People:
    """Who knows whom: Alice knows Bob and Henk; Bob and Ans know Rik; Henk knows Ans."""

    alice: Relation
    bob: Relation
    henk: Relation
    ans: Relation
    rik: Relation


@pytest.fixture
def people(alice: User, bob: User) -> People:
    """They, and their ties."""
    with entered(bob) as actor:
        bobs_seat = actor.seat_id
    with entered(alice) as actor:
        me, colleague = make_person("Alice"), make_person("Bob")
        henk, ans, rik = (make_person(name, language="en") for name in ("Henk Vos", "Ans Bos", "Rik Jansen"))
        for one, address in ((henk, "henk@vos.example"), (ans, "ans@bos.example")):
            make_contact_point(one, "email", address, is_primary=True)
        with operation("keep_colleague"):
            Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
            Relation.objects.filter(id=colleague.id).update(seat_id=bobs_seat)
            for one, other in ((me, colleague), (colleague, rik), (me, henk), (henk, ans), (ans, rik)):
                Tie.objects.create(one=one, other=other, kind="friend")
        for one in (me, colleague):
            one.refresh_from_db()
        return People(me, colleague, henk, ans, rik)


@pytest.fixture
def box(alice: User) -> Iterator[Box]:
    """The mail server of Alice's company."""
    with mail_server() as running:
        facts = ServerFacts("localhost", running.port, "none", "", "plein@plein.example", "", is_inside=True)
        with entered(alice) as actor:
            set_mail_server(actor=actor, facts=facts)
        yield running


def ask(user: User, to: Relation, *people: Relation, **more: str) -> IntroductionRequest:
    """Ask on the way through exactly these, or on the best."""
    with entered(user) as actor:
        return ask_introduction(actor=actor, wish=Wish(to, tuple(one.id for one in people), **more))


def by_mail(alice: User, people: People) -> IntroductionRequest:
    """Ask Henk, who knows Ans, who knows Rik; the mail leaves."""
    made = ask(alice, people.rik, people.alice, people.henk, people.ans, people.rik, purpose="About heat pumps.")
    with entered(alice):
        Mail.objects.filter(id=made.id).update(send_at=now())
    work("outbox.")
    return made


def work(*kinds: str) -> None:
    """What the worker does of these kinds, and what follows from it."""
    while True:
        with no_workspace("test"), connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' "
                           "AND task_name LIKE ANY (%s) RETURNING task_name, args, scheduled_at",
                           [[f"{kind}%" for kind in kinds or ("asking.",)]])  # fmt: skip
            rows = cursor.fetchall()
        if not rows:
            return
        for name, args, _at in rows:
            task = app.tasks[name]
            values = args if isinstance(args, dict) else json.loads(args)
            if name == "asking.post_letter":
                task.func(_Attempt(), **values)
            else:
                task.func(**values)


@dataclass
class _Job:
    attempts: int = 0


class _Attempt:
    """What a job knows of its worker."""

    job = _Job()
    attempts = 0


def turn_of(user: User) -> Turn:
    """What somebody is asked last."""
    with entered(user) as actor:
        return Turn.objects.filter(seat_id=actor.seat_id).select_related("target", "asker__user").latest("asked_at")


def answer(user: User, reply: str, remark: str = "") -> None:
    """A colleague answers what they were asked last."""
    turn = turn_of(user)
    with entered(user) as actor:
        answer_introduction(actor=actor, turn=turn, answer=reply, remark=remark)


def text_of(box: Box, number: int = -1) -> str:
    """The text of a letter, the last one without a number."""
    letter = message_from_bytes(box.kept[number].data, policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(box: Box) -> str:
    """The link in the last letter."""
    found = LINK.search(text_of(box))
    assert found is not None
    return found[1]


def reply(box: Box, chosen: str, remark: str = "") -> int:
    """Whoever got the last letter answers by its link; the status of what they read."""
    return Client().post(link_in(box), {"answer": chosen, "remark": remark}).status_code


def state_of(user: User, request_id: UUID) -> str:
    """How far a request is, as who asked reads it."""
    with entered(user):
        return str(IntroductionRequest.objects.get(id=request_id).state)
