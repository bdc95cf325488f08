# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.actions import Part, plan_appointment, record_moment, tick_todo
from plein.moments.models import Moment
from plein.relations.models import Relation
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
