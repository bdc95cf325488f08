# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.actions import Part, plan_appointment, record_moment, save_draft, tick_todo
from plein.moments.models import Draft, Moment
from plein.moments.queries import around_today
from plein.relations.models import ImportantDate, Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_membership, make_moment, make_organization, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered
from plein.web import day

type SignIn = Callable[[User], Client]


@pytest.fixture
def full_day(alice: User) -> Relation:
    """Alice owns Henk's company, sees Henk soon, and has things to do."""
    with entered(alice) as actor:
        make_person("Alice de Wit", seat_id=actor.seat_id, is_ours=True)
        company = make_organization(owner_id=actor.seat_id)
        henk = make_person(owner_id=actor.seat_id)
        make_membership(henk, company)
        record_moment(
            actor=actor,
            kind="call",
            participants=[Part(henk.id)],
            subject="Offerte",
            text="Prijs is goed",
            follow_up="Rik bellen",
            occurred_at=now() - timedelta(days=3),
        )
        plan_appointment(
            actor=actor, kind="visit", occurred_at=now() + timedelta(minutes=30), participants=[Part(henk.id)]
        )
        make_todo("Te laat", assignee_id=actor.seat_id, due_on=timezone.localdate() - timedelta(days=9))
        make_todo("Voor vandaag", assignee_id=actor.seat_id, due_on=timezone.localdate())
        tick_todo(actor=actor, todo=make_todo("Al gedaan", assignee_id=actor.seat_id))
        return henk


def test_it_shows_the_day_what_waits_and_what_happened(alice: User, full_day: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/todos/")
    with within_budget(__file__, "today"):
        text = client.get("/").text

    for words in (
        "Alice",
        "Last contact",
        "Rik bellen",
        "Te laat",
        "Voor vandaag",
        "Alice called Henk",
        "Prijs is goed",
    ):
        assert words in text
    assert full_day.name in text
    assert 'class="stone"' in text


def test_an_appointment_that_went_by_asks_whether_it_took_place(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk = make_person()
        past = plan_appointment(
            actor=actor, occurred_at=now() - timedelta(hours=30), participants=[Part(henk.id)], subject="Intake"
        )
    client = signed_in(alice)
    assert "Did “Intake” take place?" in client.get("/").text
    answer = client.post(f"/moments/{past.id}/complete", {"version": "1", "from": "today"})
    assert answer.headers["Location"] == "/"
    assert "Did “Intake” take place?" not in client.get("/").text
    with entered(alice):
        assert Moment.objects.get().state == "done"


def test_a_follow_up_leaves_once_it_is_on_the_list(alice: User, full_day: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        told = Moment.objects.get(kind="call")
    client = signed_in(alice)
    client.post(f"/moments/{told.id}/follow-up", {"from": "today"})
    text = client.get("/").text

    assert "on nobody’s list yet" not in text
    assert "Rik bellen" in text


def test_colleagues_see_their_own_day(bob: User, full_day: Relation, signed_in: SignIn) -> None:
    text = signed_in(bob).get("/").text

    assert "Voor vandaag" not in text
    assert "Prijs is goed" not in text
    assert "Prijs is goed" in signed_in(bob).get("/?of=all").text


def test_what_is_hidden_is_not_on_anybody_elses_day(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
        made = make_moment(henk, title="Geheim overleg", text="Geheim")
        with operation("test"):
            Moment.objects.filter(id=made.id).update(circle_id=only_me())

    assert "Geheim" in signed_in(alice).get("/?of=all").text
    assert "Geheim" not in signed_in(bob).get("/?of=all").text


def test_the_next_appointment_comes_with_what_was_promised_and_what_is_to_do(
    alice: User, full_day: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        make_todo("Stalen meenemen", relation=full_day, assignee_id=actor.seat_id)
    text = signed_in(alice).get("/").text

    briefing = text.split('class="briefing"')[1].split("</ul>")[0]
    assert "Promised: Rik bellen" in briefing
    assert "Stalen meenemen" in briefing


def test_to_dos_stand_under_their_heads(alice: User, full_day: Relation, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        make_todo("Volgende week", assignee_id=actor.seat_id, due_on=timezone.localdate() + timedelta(days=8))
        make_todo("Ooit eens", assignee_id=actor.seat_id)
    text = signed_in(alice).get("/").text.split('id="todo-head"')[1]

    order = ["Overdue", "Te laat", "Today", "Voor vandaag", "Planned", "Volgende week", "Someday", "Ooit eens"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_birthdays_of_ones_own_relations_stand_there_this_week(
    alice: User, bob: User, full_day: Relation, signed_in: SignIn
) -> None:
    today = timezone.localdate()
    with entered(alice), operation("test"):
        for relation, on in (
            (full_day, today.replace(year=today.year - 50) if (today.month, today.day) != (2, 29) else today),
            (make_person("Ver weg", owner_id=full_day.owner_id), today - timedelta(days=40)),
            (make_person("Van niemand"), today),
        ):
            ImportantDate.objects.create(relation=relation, kind="birthday", on=on)
    text = signed_in(alice).get("/").text

    assert "This week" in text
    assert "birthday, turns 50" in text
    assert "Ver weg" not in text
    assert "Van niemand" not in text
    assert "This week" not in signed_in(bob).get("/").text


@pytest.mark.parametrize(
    ("today", "found"),
    [(date(2027, 2, 28), [date(2027, 2, 28)]), (date(2028, 2, 28), [date(2028, 2, 29)]), (date(2027, 3, 1), [])],
)
def test_a_birthday_on_a_leap_day_comes_every_year(alice: User, today: date, found: list[date]) -> None:
    with entered(alice) as actor, operation("test"):
        henk = make_person(owner_id=actor.seat_id)
        ImportantDate.objects.create(relation=henk, kind="birthday", on=date(2000, 2, 29))

        assert [one.on for one in around_today(actor.seat_id, today).dates] == found


def test_a_draft_that_was_left_lying_is_brought_back(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk = make_person()
        save_draft(actor=actor, key=f"relation-{henk.id}", content={"text": "Henk vertelde dat", "kind": "note"})
        save_draft(actor=actor, key="somewhere-else", content={"text": "Los"})
    assert "You were writing about" not in signed_in(alice).get("/").text
    with entered(alice):
        Draft.objects.update(changed_at=now() - timedelta(hours=5))
    text = signed_in(alice).get("/").text

    assert "You were writing about Henk van Dijk" in text
    assert "Henk vertelde dat" in text
    assert "Henk vertelde dat" not in signed_in(bob).get("/").text


def test_what_was_not_settled_can_be_moved(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        past = plan_appointment(actor=actor, occurred_at=now() - timedelta(hours=30), participants=[], subject="Intake")

    assert f"/appointments/{past.id}/" in signed_in(alice).get("/").text


def test_a_whole_day_is_not_over_before_its_evening(alice: User, signed_in: SignIn) -> None:
    start = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    with entered(alice) as actor:
        plan_appointment(
            actor=actor,
            occurred_at=start - timedelta(days=1),
            ends_at=start,
            is_all_day=True,
            participants=[],
            subject="Beurs",
        )
    text = signed_in(alice).get("/").text

    assert "Did “Beurs” take place?" not in text
    assert "all day" in text


def test_a_first_day_says_what_to_do_first(charlie: User, signed_in: SignIn) -> None:
    text = signed_in(charlie).get("/").text

    assert "Welcome on the square" in text
    assert "/people/new" in text or "New person" in text


def test_a_quiet_day_is_quiet(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_person()

    assert "The square is quiet" in signed_in(alice).get("/").text


def test_a_guest_is_offered_nothing_to_change(gina: User, full_day: Relation, signed_in: SignIn) -> None:
    text = signed_in(gina).get("/?of=all").text

    assert "Prijs is goed" in text
    assert "/todos/new" not in text


def test_looking_never_writes(alice: User, full_day: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")

    assert not {query["sql"].split()[0] for query in captured} & {"INSERT", "UPDATE", "DELETE"}


@pytest.mark.parametrize(
    ("hour", "words"), [(8, "Good morning"), (13, "Good afternoon"), (20, "Good evening"), (2, "Good evening")]
)
def test_the_greeting_follows_the_hour(hour: int, words: str) -> None:
    moment = datetime(2026, 1, 5, hour - 1 if hour else 23, 30, tzinfo=UTC)
    with translation.override("en"):
        assert day.greeting("Sanne de Wit", moment) == f"{words}, Sanne"


@pytest.mark.parametrize(
    ("appointments", "todos", "words"),
    [
        (3, 4, "Tuesday 24 November. Three appointments, four things to do."),
        (1, 0, "Tuesday 24 November. One appointment."),
        (0, 1, "Tuesday 24 November. One thing to do."),
        (0, 0, "Tuesday 24 November. Nothing planned."),
        (0, 40, "Tuesday 24 November. 40 things to do."),
    ],
)
def test_the_sentence_counts_in_words(appointments: int, todos: int, words: str) -> None:
    with translation.override("en"):
        assert day.sentence(datetime(2026, 11, 24, 9, tzinfo=UTC), appointments, todos) == words


def test_tiles_put_what_is_done_first_and_one_thing_now(alice: User) -> None:
    with entered(alice):
        todos = [make_todo(f"Ding {n}") for n in range(3)] + [
            make_todo("Klaar", done_at=datetime(2026, 1, 5, 8, tzinfo=UTC))
        ]
        tiles = day.tiles_of([], todos, datetime(2026, 1, 5, 9, tzinfo=UTC))

    assert [tile.state for tile in tiles] == ["done", "now", "later", "later"]


def test_a_tile_holds_whole_words() -> None:
    assert day.first_words("Van Dijk Installatietechniek") == "Van Dijk"
    assert day.first_words("") == ""
