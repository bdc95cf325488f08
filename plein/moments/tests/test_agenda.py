# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda page: whose it is, what stands in it, what is dragged in it, and who may not."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments import actions
from plein.moments.actions import Part
from plein.moments.agenda_days import Span
from plein.moments.models import Moment, Participant, ToDo
from plein.testing.budgets import within_budget
from plein.testing.factories import make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

type SignIn = Callable[[User], Client]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(hour: int, days: int = 0) -> datetime:
    return datetime.combine(timezone.localdate(now()) + timedelta(days=days), time(hour), AMSTERDAM)


def planned(actor: Entrance, title: str, start: datetime, *people: Any, **more: Any) -> Moment:
    return actions.plan_appointment(
        actor=actor,
        occurred_at=start,
        participants=[Part(one.id) for one in people],
        subject=title,
        **more,
    )


def events(client: Client, of: str = "", days: int = 1) -> dict[str, dict[str, Any]]:
    first = timezone.localdate(now())
    query = {"of": of, "start": f"{first}T00:00:00", "end": f"{first + timedelta(days=days)}T00:00:00"}
    answer = client.get("/agenda/events", query)
    assert answer.status_code == 200
    return {one["title"]: one for one in answer.json()["events"]}


def test_the_page_lists_appointments_and_to_dos_without_any_script(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        planned(actor, "Intake", at(11), make_person())
        make_todo("Offerte sturen", assignee_id=actor.seat_id, due_on=timezone.localdate(), due_at=time(14))
        make_todo("Ooit", assignee_id=actor.seat_id)
    client = signed_in(alice)
    client.get("/todos/")
    with within_budget(__file__, "agenda"):
        text = client.get("/agenda/").text

    for words in ("Intake", "11.00 – 12.00", "Henk van Dijk", "Offerte sturen", "14.00", "week "):
        assert words in text
    assert "Ooit" not in text
    assert client.get("/agenda/?view=month&on=2027-02-30").status_code == 200
    assert client.get("/agenda/?view=day&on=0001-01-01").status_code == 200
    assert client.get("/agenda/?view=month&on=9999-12-31&of=team-x").status_code == 200


def test_a_phone_begins_with_a_day(alice: User, signed_in: SignIn) -> None:
    text = signed_in(alice).get("/agenda/", headers={"User-Agent": "Mozilla/5.0 (iPhone) Mobile/15E148"}).text

    assert 'data-to="day" aria-current="page"' in text


def test_everybody_sees_a_column_each_and_what_is_hidden_is_not_even_busy(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(bob) as theirs:
        bob_here = make_person("Bob", seat_id=theirs.seat_id, is_ours=True)
        planned(theirs, "Open overleg", at(9))
        secret = planned(theirs, "Geheim", at(10))
        with operation("test"):
            Moment.objects.filter(id=secret.id).update(circle_id=only_me())
    with entered(alice) as actor:
        make_person("Alice", seat_id=actor.seat_id, is_ours=True)
        planned(actor, "Samen", at(13), bob_here)
    shown = events(signed_in(alice), "all")

    assert set(shown) == {"Open overleg", "Samen"}
    assert set(shown["Samen"]["resourceIds"]) == {str(actor.seat_id), str(theirs.seat_id)}
    assert set(events(signed_in(alice), str(theirs.seat_id))) == {"Open overleg", "Samen"}
    assert set(events(signed_in(alice))) == {"Samen"}
    assert set(events(signed_in(bob))) == {"Open overleg", "Geheim", "Samen"}
    assert events(signed_in(charlie), "all") == {}
    assert "Geheim" not in signed_in(alice).get("/agenda/?of=all&view=day").text


def test_a_team_is_its_members(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as theirs:
        planned(theirs, "Van sales", at(9))
    with entered(alice) as actor:
        planned(actor, "Van Alice", at(9))
    text = signed_in(bob).get("/agenda/").text
    team = text.split("of=team-")[1].split('"')[0].split("&")[0]

    assert set(events(signed_in(bob), f"team-{team}")) == {"Van sales"}
    # Alice is in no team: the address gives her own agenda.
    assert set(events(signed_in(alice), f"team-{team}")) == {"Van Alice"}


def move(
    client: Client, event: dict[str, Any], start: datetime, minutes: int = 60, also: Mapping[str, str] | None = None
) -> Any:
    values = {
        "kind": event["extendedProps"]["kind"],
        "id": event["id"],
        "version": event["extendedProps"]["version"],
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{start + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}",
        **(also or {}),
    }
    return client.post("/agenda/move", values)


def test_dragging_moves_and_undo_brings_it_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        made = planned(actor, "Intake", at(11), make_person())
    client = signed_in(alice)
    answer = move(client, events(client)["Intake"], at(15), 90)

    assert answer.status_code == 200
    assert "15.00" in answer.json()["text"]
    with entered(alice):
        moved = Moment.objects.get(id=made.id)
        assert (moved.occurred_at, moved.ends_at) == (at(15), at(15) + timedelta(minutes=90))
        assert Participant.objects.filter(moment=made, occurred_at=at(15)).exists()
    client.post(answer.json()["undo"])
    with entered(alice):
        assert Moment.objects.get(id=made.id).occurred_at == at(11)


def test_whoever_comes_second_is_told_where_it_is_now(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        planned(actor, "Intake", at(11))
        make_todo("Bellen", assignee_id=actor.seat_id, due_on=timezone.localdate())
    client = signed_in(alice)
    old = events(client)
    for title in ("Intake", "Bellen"):
        assert move(signed_in(bob), old[title], at(9)).status_code == 200
        refused = move(client, old[title], at(16))
        assert refused.status_code == 409
        assert "9.00" in refused.json()["text"]
        assert refused.json()["event"]["start"].endswith("T09:00:00")
    with entered(alice):
        assert Moment.objects.get().occurred_at == at(9)
        assert ToDo.objects.get().due_at == time(9)


def test_a_to_do_gets_another_day_or_hour(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        make_todo("Bellen", assignee_id=actor.seat_id, due_on=timezone.localdate())
    client = signed_in(alice)
    assert move(client, events(client)["Bellen"], at(14, 2)).status_code == 200
    with entered(alice):
        assert (ToDo.objects.get().due_on, ToDo.objects.get().due_at) == (at(14, 2).date(), time(14))
    assert move(client, events(client, days=5)["Bellen"], at(0, 3), also={"all_day": "1"}).status_code == 200
    with entered(alice):
        assert ToDo.objects.get().due_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"start": "soon"},
        {"version": "-1"},
        {"end": "1999-01-01T00:00"},
        {"end": ""},
        {"start": "0000-01-01"},
    ],
)
def test_nonsense_moves_nothing_and_says_so(change: dict[str, str], alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        planned(actor, "Intake", at(11))
    client = signed_in(alice)
    answer = move(client, events(client)["Intake"], at(15), also=change)

    assert answer.status_code == 422
    assert answer.json()["text"]
    with entered(alice):
        assert Moment.objects.get().version == 1


def test_strangers_and_guests_move_nothing(alice: User, gina: User, charlie: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        planned(actor, "Intake", at(11))
    event = events(signed_in(alice))["Intake"]

    assert move(signed_in(charlie), event, at(15)).status_code == 404
    assert move(signed_in(gina), event, at(15)).status_code == 403
    assert events(signed_in(gina), "all")["Intake"]["editable"] is False
    with entered(alice):
        assert Moment.objects.get().version == 1


def test_times_are_those_of_the_readers_clock(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        planned(actor, "Intake", at(11))
        seat = str(actor.seat_id)
    with no_workspace("test"):
        User.objects.filter(id=bob.id).update(time_zone="Asia/Tokyo")
    client = signed_in(bob)
    event = events(client, seat)["Intake"]
    offset = 8 if at(11).utcoffset() == timedelta(hours=1) else 7

    assert event["start"].endswith(f"T{11 + offset}:00:00")
    assert move(client, event, at(11 + offset + 1)).status_code == 200
    with entered(alice):
        assert Moment.objects.get().occurred_at == at(12)


def test_looking_never_writes(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/agenda/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/agenda/?view=month")
        events(client, "all")

    assert not {query["sql"].split()[0] for query in captured} & {"INSERT", "UPDATE", "DELETE"}


def test_a_stretch_without_sense_is_refused_in_words(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for query in ({}, {"start": "x", "end": "y"}, {"start": "2026-01-01", "end": "2030-01-01"}):
        answer = client.get("/agenda/events", query)
        assert answer.status_code == 422
        assert "seventy days" in answer.json()["text"]


def test_weeks_begin_on_monday_and_months_are_whole_weeks() -> None:
    week, month = Span.around("week", date(2026, 11, 29)), Span.around("month", date(2026, 11, 29))

    assert (week.first, week.last) == (date(2026, 11, 23), date(2026, 11, 29))
    assert (month.first, month.last) == (date(2026, 10, 26), date(2026, 12, 6))
    assert (month.step(1), month.step(-11)) == (date(2026, 12, 1), date(2025, 12, 1))
