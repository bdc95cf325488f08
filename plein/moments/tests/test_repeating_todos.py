# SPDX-License-Identifier: AGPL-3.0-or-later
"""To-dos that repeat, are put off, and lead to what comes next; also when two people tick at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.core.operations import operation, undo
from plein.moments import actions
from plein.moments.actions import Part
from plein.moments.models import ToDo
from plein.moments.queries import next_of, suggestion_after
from plein.moments.reminding import at_clock
from plein.testing.cast import Cast
from plein.testing.factories import make_person, make_todo
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

type SignIn = Callable[[User], Client]


def today() -> date:
    return timezone.localdate(now())


def weekly(actor: Entrance, **more: Any) -> ToDo:
    values = {"title": "Kas opmaken", "due_on": today(), "repeat": "FREQ=WEEKLY", **more}
    return actions.create_todo(actor=actor, **values)


def test_the_next_one_comes_when_one_is_ticked_with_all_that_belongs_to_it(alice: User) -> None:
    with entered(alice) as actor:
        henk = make_person()
        todo = weekly(actor, relation_id=henk.id, means_needed="Sleutel", due_at=time(16), remind_before=60)
        actions.tick_todo(actor=actor, todo=todo)
        after = ToDo.objects.get(done_at=None)

        assert after.due_on == today() + timedelta(days=7)
        assert (after.title, after.relation_id, after.means_needed) == ("Kas opmaken", henk.id, "Sleutel")
        assert (after.due_at, after.occurrence, after.series_id) == (time(16), 2, todo.series_id)
        assert after.remind_at == at_clock(today() + timedelta(days=7), time(15), timezone.get_default_timezone())


def test_what_was_late_for_weeks_does_not_come_back_late(alice: User) -> None:
    with entered(alice) as actor:
        todo = weekly(actor, due_on=today() - timedelta(days=17))
        actions.tick_todo(actor=actor, todo=todo)

        assert ToDo.objects.get(done_at=None).due_on == today() + timedelta(days=4)


def test_it_may_count_from_the_day_it_is_done(alice: User) -> None:
    with entered(alice) as actor:
        todo = weekly(actor, due_on=today() - timedelta(days=17), repeats_after=True)
        actions.tick_todo(actor=actor, todo=todo)

        assert ToDo.objects.get(done_at=None).due_on == today() + timedelta(days=7)


def test_it_ends_after_so_many_times_or_on_a_day(alice: User) -> None:
    with entered(alice) as actor:
        for rule in ("FREQ=DAILY;COUNT=2", f"FREQ=DAILY;UNTIL={today() + timedelta(days=1):%Y%m%d}"):
            todo = weekly(actor, repeat=rule)
            actions.tick_todo(actor=actor, todo=todo)
            second = next_of(todo)
            assert second is not None
            actions.tick_todo(actor=actor, todo=second)
            assert next_of(second) is None


def test_unticking_takes_the_next_one_back_unless_somebody_touched_it(alice: User) -> None:
    with entered(alice) as actor:
        todo = weekly(actor)
        for _again in range(2):
            actions.tick_todo(actor=actor, todo=todo)
            actions.untick_todo(actor=actor, todo=todo)
        assert ToDo.objects.count() == 1
        actions.tick_todo(actor=actor, todo=todo)
        after = ToDo.objects.get(done_at=None)
        actions.edit_todo(actor=actor, todo=after, changes={"title": "Grote kas"}, based_on=1)
        actions.untick_todo(actor=actor, todo=todo)
        actions.tick_todo(actor=actor, todo=todo)

        assert ToDo.objects.filter(done_at=None).count() == 1


def test_undo_of_a_tick_takes_the_next_one_along(alice: User) -> None:
    with entered(alice) as actor:
        todo = weekly(actor)
        with operation("tick_todo") as ticking:
            actions.tick_todo(actor=actor, todo=todo)
        undo(ticking.id)

        assert ToDo.objects.get().done_at is None


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_tick_at_once_make_one_next(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        todo = weekly(actor).id
    start = Barrier(2)

    def tick(user: User) -> int:
        try:
            with entered(user) as actor:
                found = ToDo.objects.get(id=todo)
                start.wait(10)
                actions.tick_todo(actor=actor, todo=found)
                return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(tick, (cast.alice, cast.bob))) == 2
    with entered(cast.alice):
        assert ToDo.objects.filter(done_at=None).count() == 1
        assert ToDo.objects.count() == 2


def test_two_tabs_one_after_the_other_make_one_next(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        todo = weekly(actor)
    answers = [
        signed_in(user).post(f"/todos/{todo.id}/tick", {"done": "1"}, headers={"HX-Request": "true"})
        for user in (alice, bob)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("It comes again" in answer.text for answer in answers)
    with entered(alice):
        assert ToDo.objects.count() == 2


def test_a_broken_rule_never_keeps_anybody_from_ticking(alice: User) -> None:
    with entered(alice) as actor:
        todo = weekly(actor)
        with operation("test"):
            ToDo.objects.filter(id=todo.id).update(repeat="FREQ=NEVER")
        todo.refresh_from_db()
        assert actions.tick_todo(actor=actor, todo=todo).done_at is not None
        assert ToDo.objects.count() == 1


def test_the_form_says_the_rule_in_a_sentence_and_keeps_it(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    seat = _seat(alice)
    values = {"title": "Voorraad tellen", "due_on": "2027-01-31", "assignee": str(seat), "repeat": "monthly"}
    assert client.post("/todos/add", values).status_code == 302
    with entered(alice):
        todo = ToDo.objects.get()
    page = client.get(f"/todos/{todo.id}/").text

    assert "Repeats every month on the 31st or the last day." in page
    assert 'value="monthly" selected' in page
    again = {**values, "version": "1", "note": "Ook de bus"}
    assert client.post(f"/todos/{todo.id}/", again).status_code == 302
    with entered(alice):
        latest = ToDo.objects.get()
        assert (latest.repeat, latest.note, latest.series_id) == (todo.repeat, "Ook de bus", todo.series_id)


def _seat(user: User) -> UUID:
    with entered(user) as actor:
        return actor.seat_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"repeat": "weekly", "due_on": ""}, "Say when it is due first"),
        ({"due_at": "09:00", "due_on": ""}, "Say on which day it is due."),
        ({"remind": "at"}, "Say when to remind you."),
        ({"repeat": "rule", "repeat_rule": "FREQ=DAILY;BYHOUR=3"}, "Plein does not follow “BYHOUR”"),
        ({"repeat": "rule", "repeat_rule": ""}, "is no part of a rule"),
        ({"repeat": "daily", "repeat_interval": "0"}, "greater than or equal to 1"),
        ({"assignee": "01a21530-7a13-7359-ade5-bcbef46501cd"}, "Select a valid choice"),
    ],
)
def test_bad_input_says_what_to_do_and_loses_nothing(
    change: dict[str, str], words: str, alice: User, signed_in: SignIn
) -> None:
    values = {"title": "Tellen", "due_on": "2027-01-31", "assignee": str(_seat(alice)), **change}
    answer = signed_in(alice).post("/todos/add", values)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Tellen" in answer.text
    with entered(alice):
        assert not ToDo.objects.exists()


def test_both_values_are_shown_to_whoever_comes_second(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        todo = weekly(actor)
        actions.edit_todo(actor=actor, todo=todo, changes={"remind_before": 60}, based_on=1)
    values = {
        "version": "1",
        "title": "Kas",
        "due_on": str(today()),
        "assignee": str(_seat(alice)),
        "repeat_days": ["MO", "WE"],
    }
    answer = signed_in(alice).post(f"/todos/{todo.id}/", values)

    assert answer.status_code == 409
    assert "It is now “Kas opmaken”; you wrote “Kas”." in answer.text
    assert "series_id" not in answer.text


def test_later_puts_it_off_with_its_reminder_and_undo_brings_it_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        todo = actions.create_todo(actor=actor, title="Bel", due_on=today(), due_at=time(11), remind_before=0)
        first = todo.remind_at
    client = signed_in(alice)
    answer = client.post(f"/todos/{todo.id}/later", {"when": "tomorrow"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "tomorrow" in answer.text
    with entered(alice):
        moved = ToDo.objects.get()
        assert moved.due_on == today() + timedelta(days=1)
        assert moved.remind_at is not None and first is not None and moved.remind_at > first
    address = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    client.post(address)
    with entered(alice):
        assert (ToDo.objects.get().due_on, ToDo.objects.get().remind_at) == (today(), first)


def test_later_knows_next_week_and_a_day_of_ones_own(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        todo = make_todo("Bel")
    client, address = signed_in(alice), f"/todos/{todo.id}/later"
    client.post(address, {"when": "week"})
    with entered(alice):
        found = ToDo.objects.get().due_on
        assert found is not None and found.weekday() == 0 and today() < found <= today() + timedelta(days=7)
    picked = today() + timedelta(days=40)
    client.post(address, {"when": "on", "on": str(picked)})
    for nonsense in ("", "gisteren", "2020-01-01"):
        refused = client.post(address, {"when": "on", "on": nonsense}, headers={"HX-Request": "true"})
        assert refused.status_code == 422
        assert "still to come" in refused.text
    with entered(alice):
        assert ToDo.objects.get().due_on == picked


def test_strangers_and_guests_put_nothing_off(alice: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    with entered(alice):
        todo = make_todo("Bel")
    assert signed_in(charlie).post(f"/todos/{todo.id}/later", {"when": "tomorrow"}).status_code == 404
    assert signed_in(gina).post(f"/todos/{todo.id}/later", {"when": "tomorrow"}).status_code == 403
    with entered(alice):
        assert ToDo.objects.get().version == 1


def test_what_is_done_leads_to_the_follow_up_of_its_moment(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        told = actions.record_moment(
            actor=actor, kind="call", participants=[Part(make_person().id)], follow_up="Offerte sturen"
        )
        todo = actions.create_todo(actor=actor, title="Tekening zoeken", moment=told)
    answer = signed_in(alice).post(f"/todos/{todo.id}/tick", {"done": "1"}, headers={"HX-Request": "true"})

    assert "Then: Offerte sturen" in answer.text
    assert f"/moments/{told.id}/follow-up" in answer.text


def test_somebody_with_whom_nothing_is_planned_is_offered(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk, rik = make_person(), make_person("Rik")
        actions.plan_appointment(actor=actor, occurred_at=now() + timedelta(days=3), participants=[Part(rik.id)])
        todo = make_todo("Bel Henk", relation=henk)
        other = actions.tick_todo(actor=actor, todo=make_todo("Bel Rik", relation=rik))
        assert suggestion_after(other) is None
    answer = signed_in(alice).post(f"/todos/{todo.id}/tick", {"done": "1"}, headers={"HX-Request": "true"})

    assert "Nothing is planned with Henk van Dijk." in answer.text
    assert f"/appointments/new?with={henk.id}" in answer.text


def test_the_composer_assigns_reminds_and_repeats(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
    client, theirs = signed_in(alice), _seat(bob)
    assert "Bob" in client.get("/todos/assignees", headers={"HX-Request": "true"}).text
    client.post(
        f"/relations/{henk.id}/moments/new",
        {
            "kind": "todo",
            "text": "Onderhoud plannen",
            "due_on": str(today()),
            "assignee": str(theirs),
            "remind": "60",
            "repeat": "yearly",
        },
    )
    client.post(
        f"/relations/{henk.id}/moments/new",
        {
            "kind": "appointment",
            "subject": "Kwartaaloverleg",
            "occurred_at": f"{today() + timedelta(days=1)}T10:00",
            "repeat": "monthly",
            "repeat_ends": "times",
            "repeat_times": "3",
        },
    )
    with entered(alice):
        todo = ToDo.objects.get()
        assert (todo.assignee_id, todo.remind_before) == (theirs, 60)
        assert todo.repeat.startswith("FREQ=YEARLY")
        assert isinstance(todo.remind_at, datetime)
        assert henk.todos.count() == 1
