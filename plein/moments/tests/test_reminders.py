# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reminders are told once each, to whom they are for, and again when the time is set anew."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plein.core import events
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.moments import actions, tasks
from plein.moments.actions import Part, Plan
from plein.moments.events import ReminderDue
from plein.moments.models import Reminded, ToDo
from plein.testing.factories import make_person, make_todo
from plein.trust.models import User
from plein.trust.seats import entered


@pytest.fixture
def told() -> Iterator[list[ReminderDue]]:
    """What is told while a test runs."""
    heard: list[ReminderDue] = []
    before = dict(events._reactions)
    events._reactions.clear()
    events.subscribe(ReminderDue, heard.append)
    yield heard
    events._reactions.clear()
    events._reactions.update(before)


def a_minute_passes() -> None:
    with no_workspace("test"):
        tasks.tell_reminders(timestamp=0)


def test_a_to_do_reminds_its_colleague_once(alice: User, bob: User, told: list[ReminderDue]) -> None:
    with entered(bob) as theirs:
        todo = make_todo(assignee_id=theirs.seat_id, remind_at=now() - timedelta(minutes=1))
        make_todo("Later", assignee_id=theirs.seat_id, remind_at=now() + timedelta(hours=1))
        make_todo("Klaar", assignee_id=theirs.seat_id, remind_at=now() - timedelta(minutes=1), done_at=now())
        make_todo("Vergeten", assignee_id=theirs.seat_id, remind_at=now() - timedelta(days=9))
    a_minute_passes()
    a_minute_passes()

    assert told == [ReminderDue("todo", todo.id, theirs.seat_id)]
    with entered(bob):
        assert Reminded.objects.count() == 1


def test_a_reminder_that_is_set_again_is_told_again(alice: User, told: list[ReminderDue]) -> None:
    with entered(alice) as actor:
        todo = make_todo(assignee_id=actor.seat_id, remind_at=now() - timedelta(minutes=2))
    a_minute_passes()
    with entered(alice) as actor:
        latest = ToDo.objects.get()
        assert latest.version == 1
        changes = {"remind_at": now() - timedelta(minutes=1)}
        actions.edit_todo(actor=actor, todo=todo, changes=changes, based_on=latest.version)
    a_minute_passes()

    assert len(told) == 2


def test_an_appointment_reminds_the_colleagues_who_take_part(
    alice: User, bob: User, charlie: User, told: list[ReminderDue]
) -> None:
    with entered(bob) as theirs:
        bobs = theirs.seat_id
    with entered(alice) as actor:
        person = make_person("Bob", seat_id=bobs, is_ours=True)
        meeting = actions.plan_appointment(
            actor=actor,
            occurred_at=now() + timedelta(minutes=20),
            participants=[Part(person.id)],
            plan=Plan(remind_before=30),
        )
        actions.plan_appointment(
            actor=actor, occurred_at=now() + timedelta(hours=2), participants=[], plan=Plan(remind_before=30)
        )
        alices = actor.seat_id
    a_minute_passes()
    a_minute_passes()

    assert {(one.kind, one.id, one.seat_id) for one in told} == {
        ("appointment", meeting.id, alices),
        ("appointment", meeting.id, bobs),
    }
    assert len(told) == 2


def test_what_somebody_may_not_see_does_not_remind_them(alice: User, bob: User, told: list[ReminderDue]) -> None:
    with entered(bob) as theirs:
        bobs = theirs.seat_id
    with entered(alice) as actor:
        person = make_person("Bob", seat_id=bobs, is_ours=True)
        meeting = actions.plan_appointment(
            actor=actor,
            occurred_at=now() + timedelta(minutes=5),
            participants=[Part(person.id)],
            plan=Plan(remind_before=10),
        )
        actions.change_moment_circle(actor=actor, moment=meeting, circle="me")
    a_minute_passes()

    assert [one.seat_id for one in told] == [actor.seat_id]


def test_what_was_moved_reminds_at_its_new_time(alice: User, told: list[ReminderDue]) -> None:
    with entered(alice) as actor:
        meeting = actions.plan_appointment(
            actor=actor, occurred_at=now() + timedelta(minutes=5), participants=[], plan=Plan(remind_before=10)
        )
    a_minute_passes()
    with entered(alice) as actor:
        changes = {"occurred_at": now() + timedelta(minutes=8), "ends_at": now() + timedelta(minutes=30)}
        actions.change_appointment(actor=actor, moment=meeting, changes=changes, based_on=1)
    a_minute_passes()

    assert len(told) == 2


def test_the_reminder_goes_along_with_the_due_time(alice: User) -> None:
    with entered(alice) as actor:
        day = (now() + timedelta(days=3)).date()
        todo = actions.create_todo(actor=actor, title="Bel", due_on=day, remind_before=60)
        first = todo.remind_at
        later = actions.postpone_todo(actor=actor, todo=todo, until=day + timedelta(days=2)).remind_at

    assert first is not None
    assert later is not None
    assert abs((later - first) - timedelta(days=2)) <= timedelta(hours=1)
