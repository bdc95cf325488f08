# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question goes to few, comes back as moments, and widens ring by ring."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from plein.core.finding import QUESTIONS, alike, search
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, ToDo
from plein.notifications.models import Notification, Preference
from plein.questions.actions import mark_best, withdraw_question
from plein.questions.models import Answer, Asked, Question, Turn
from plein.questions.queries import asked_before, question_of
from plein.questions.queries.keeper import call
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.tests.conftest import PUMPS, SignIn, Square, due, over, work
from plein.trust.actions import make_team
from plein.trust.models import Seat, TeamMember
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


def open_todos(square: Square, name: str) -> int:
    with entered(square.users[name]) as actor:
        return ToDo.objects.filter(assignee_id=actor.seat_id, done_at__isnull=True).count()


def test_it_goes_to_who_wrote_about_it_and_lands_on_their_list(square: Square) -> None:
    square.wrote("bob", "De warmtepomp bij De Linde draait.")
    square.wrote("jet", "Een warmtepomp van 12 kW gekozen.")
    square.wrote("erik", "Iets heel anders.")

    question = square.ask()
    assert square.asked(question) == {"bob", "jet"}
    work()
    with entered(square.users["bob"]) as bob:
        [todo] = ToDo.objects.filter(assignee_id=bob.seat_id)
        assert PUMPS in todo.title and "/questions/" in todo.note
        assert Notification.objects.filter(seat_id=bob.seat_id, todo_id=todo.id).exists()
    with entered(square.users["erik"]):
        assert not ToDo.objects.exists()


def test_an_answer_is_a_moment_and_the_best_is_found_again(square: Square) -> None:
    square.wrote("bob", "De warmtepomp bij De Linde draait.")
    question = square.ask()
    work()
    answer = square.answer("bob", question, "Nefit weet alles van warmtepompen.")
    work()
    with entered(square.users["alice"]) as alice:
        moment = Moment.objects.get(id=answer.moment_id)
        assert moment.kind == "chat" and moment.circle_id == question.circle_id
        assert MomentText.objects.get(moment=moment).text == "Nefit weet alles van warmtepompen."
        assert MomentSubject.objects.get(moment=moment).title == PUMPS
        roles = dict(Participant.objects.filter(moment=moment).values_list("relation__name", "role"))
        assert roles == {"Bob": "from", "Alice": "to"}
        assert Notification.objects.filter(seat_id=alice.seat_id, what="answer", moment=moment).exists()
        mark_best(actor=alice, answer=answer)
        standing = question_of(question.id, alice.seat_id)
        assert standing is not None and standing.best is not None and standing.state == "answered"
    assert open_todos(square, "bob") == 0
    with entered(square.users["jet"]):
        [before] = asked_before(*alike("Kent iemand warmtepompen?", QUESTIONS))
        assert before.question.id == question.id and before.best is not None
        assert before.best.text == "Nefit weet alles van warmtepompen."
        assert not asked_before(*alike("Wie kent er een goede keeper?", QUESTIONS))


def test_without_an_answer_the_next_five_are_asked_and_an_answer_stops_that(square: Square) -> None:
    for name in ("bob", "dana", "erik", "fleur", "gijs", "hanna", "ivo"):
        square.wrote(name, "warmtepomp")
    question, other = square.ask(), square.ask("jet")
    work()
    first = square.asked(question)
    assert len(first) == 5 and "dana" in first

    over(square.users["alice"], question, ring_until=now())
    over(square.users["jet"], other, ring_until=now())
    square.answer("dana", other)
    due("widen")
    work()
    assert square.asked(question) > first and len(square.asked(question)) == 8
    assert len(square.asked(other)) == 5
    with entered(square.users["alice"]):
        assert sorted(Asked.objects.filter(question=question).values_list("ring", flat=True)) == [1] * 5 + [2] * 3
        assert Question.objects.get(id=question.id).ring == 2


def test_who_passes_it_on_names_somebody_or_lets_the_next_ring_know_and_nobody_is_asked_twice(square: Square) -> None:
    for name in ("bob", "erik", "fleur", "gijs", "hanna"):
        square.wrote(name, "warmtepomp")
    square.wrote("ivo", "Een keer bij een warmtepomp geweest", kind="call")
    question = square.ask("alice", PUMPS, "bob", "erik")
    work()
    square.pass_on("bob", question, "jet", "Jij was erbij.")
    work()
    assert square.asked(question) == {"bob", "erik", "jet"}
    turn = square.turn("jet", question)
    assert turn is not None and (turn.previous_name, turn.remark) == ("Bob", "Jij was erbij.")
    with entered(square.users["jet"]):
        assert "Jij was erbij." in ToDo.objects.get(id=turn.todo_id).note
    with pytest.raises(CannotAsk, match="already"):
        square.pass_on("erik", question, "jet")
    with pytest.raises(CannotAsk, match="may not read"):
        square.pass_on("erik", question, "alice")

    square.pass_on("erik", question)
    work()
    assert square.asked(question) == {"bob", "erik", "jet", "fleur", "gijs", "hanna", "ivo"}
    with pytest.raises(TooLate):
        square.pass_on("erik", question)
    with entered(square.users["alice"]):
        assert "jet" not in {one.person.name.lower() for one in Asked.objects.select_related("person")}


def test_nobody_is_asked_more_than_twice_a_week_whoever_asks(square: Square) -> None:
    square.wrote("bob", "warmtepomp")
    square.ask("alice", PUMPS, "bob"), square.ask("dana", PUMPS, "bob")
    with pytest.raises(CannotAsk, match="twice this week"):
        square.ask("erik", PUMPS, "bob")
    assert "bob" not in square.asked(square.ask("erik", PUMPS))
    with pytest.raises(CannotAsk, match="asked this already"):
        square.ask("erik", PUMPS)

    with entered(square.users["bob"]):
        Turn.objects.update(asked_at=now() - timedelta(days=8))
    assert "bob" in square.asked(square.ask("erik", f"Nogmaals: {PUMPS}"))


def test_quiet_hours_are_kept(square: Square) -> None:
    question = square.ask("alice", PUMPS, "bob")
    with entered(square.users["bob"]) as bob:
        here = timezone.localtime(now(), ZoneInfo(bob.user.time_zone or "Europe/Amsterdam"))
        begin, end = (here - timedelta(hours=1)).time(), (here + timedelta(hours=1)).time()
        Preference.objects.create(seat_id=bob.seat_id, has_quiet_hours=True, quiet_from=begin, quiet_until=end)
    work()
    assert open_todos(square, "bob") == 0

    with entered(square.users["bob"]) as bob:
        Preference.objects.update(has_quiet_hours=False)
    due("give_turn")
    work()
    assert open_todos(square, "bob") == 1 and square.asked(question) == {"bob"}


def test_who_withdraws_takes_it_off_every_list_and_so_does_undo(square: Square) -> None:
    question, other = square.ask("alice", PUMPS, "bob"), square.ask("alice", "Iets anders?", "bob")
    work()
    assert open_todos(square, "bob") == 2
    with entered(square.users["alice"]) as alice:
        withdraw_question(actor=alice, question=question)
        with pytest.raises(TooLate):
            withdraw_question(actor=alice, question=question)
    work()
    assert open_todos(square, "bob") == 1
    with pytest.raises(TooLate):
        square.answer("bob", question)

    with entered(square.users["alice"]):
        assert other.operation_id is not None
        undo(other.operation_id)
        assert not Question.objects.filter(id=other.id).exists()


def test_it_is_over_when_its_time_is_and_leaves_the_lists(square: Square) -> None:
    question = square.ask("alice", PUMPS, "bob")
    work()
    over(square.users["alice"], question, expires_at=now(), ring_until=now())
    due("take_turn_away", "widen")
    work()
    assert open_todos(square, "bob") == 0 and square.asked(question) == {"bob"}
    with pytest.raises(TooLate):
        square.answer("bob", question)


def test_an_answer_and_the_best_are_turned_back_and_given_again(square: Square) -> None:
    question = square.ask("alice", PUMPS, "bob")
    work()
    square.answer("bob", question, "Vergissing")
    with pytest.raises(TooLate):
        square.answer("bob", question, "Nog een")
    with entered(square.users["bob"]) as bob:
        [answered] = [one for one in operations_of(bob.seat_id) if one[1] == "answer_question"]
        undo(answered[0])
        assert not Answer.objects.exists() and not Moment.objects.exists()
    assert open_todos(square, "bob") == 1
    answer = square.answer("bob", question, "Nefit")
    with entered(square.users["alice"]) as alice:
        mark_best(actor=alice, answer=answer)
        [kept] = [one for one in operations_of(alice.seat_id) if one[1] == "mark_best_answer"]
        undo(kept[0])
        standing = question_of(question.id, alice.seat_id)
        assert standing is not None and standing.best is None and len(standing.answers) == 1


def test_who_turns_back_the_answer_of_another_is_not_asked_again(square: Square, signed_in: SignIn) -> None:
    theirs, other = square.ask("dana", PUMPS, "bob", "alice"), square.ask("erik", "Wie kent Zwolle?", "alice")
    square.answer("bob", theirs, "Vergissing")
    square.answer("alice", other, "Ik")
    with entered(square.users["bob"]) as bob:
        [answered] = [one for one in operations_of(bob.seat_id) if one[1] == "answer_question"]
    with entered(square.users["alice"]):
        assert call("SELECT plein_questions_reopen(%s)", answered[0]) == []

    assert signed_in(square.users["alice"]).post(f"/undo/{answered[0]}/").status_code in (204, 302)

    states = {name: turn.state for name, question in (("bob", theirs), ("alice", other))
              if (turn := square.turn(name, question))}  # fmt: skip
    assert states == {"bob": "asked", "alice": "answered"}
    square.answer("bob", theirs, "Nefit")
    with pytest.raises(TooLate):
        square.answer("alice", other, "Nog een")


def operations_of(seat: UUID) -> list[tuple[UUID, str]]:
    return list(Operation.objects.filter(seat_id=seat).values_list("id", "verb"))


def test_what_cannot_be_asked_says_why(square: Square) -> None:
    for text, words in (("  ", "Write what"), ("a" * 10_000, "4000 letters")):
        with pytest.raises(CannotAsk, match=words):
            square.ask("alice", text)
    with pytest.raises(CannotAsk, match="nobody else"):
        square.ask("alice", PUMPS, circle="me")
    with pytest.raises(CannotAsk, match="may not read"):
        square.ask("alice", PUMPS, "bob", circle="people:" + str(square.people["dana"].seat_id))
    with pytest.raises(CannotAsk, match="at most 5"):
        square.ask("alice", PUMPS, "bob", "dana", "erik", "fleur", "gijs", "hanna")
    with entered(square.users["alice"]):
        assert not Question.objects.exists() and not Turn.objects.exists()


def test_a_circle_bounds_who_is_asked_and_who_finds_it_later(square: Square) -> None:
    square.wrote("bob", "warmtepomp"), square.wrote("dana", "warmtepomp")
    question = square.ask("alice", PUMPS, circle="people:" + str(square.people["dana"].seat_id))
    assert square.asked(question) == {"dana"}
    work()
    square.answer("dana", question, "Nefit")
    with entered(square.users["bob"]) as bob:
        assert question_of(question.id, bob.seat_id) is None and asked_before(*alike(PUMPS, QUESTIONS)) == []
        assert not Moment.objects.filter(kind="chat").exists()
    with entered(square.users["alice"]):
        assert len(asked_before(*alike(PUMPS, QUESTIONS))) == 1


def test_whoever_leaves_the_circle_loses_the_question_and_is_not_asked_further(square: Square) -> None:
    seats = {name: square.people[name].seat_id for name in ("alice", "dana", "erik")}
    square.wrote("dana", "warmtepomp"), square.wrote("erik", "warmtepomp")
    with entered(square.users["alice"]) as alice:
        team = make_team(actor=alice, name="Pompen", seats=[one for one in seats.values() if one])
    question = square.ask("alice", PUMPS, "dana", circle=f"team:{team.id}")
    work()
    with entered(square.users["alice"]), operation("edit_team"):
        TeamMember.objects.filter(seat_id__in=[seats["dana"], seats["erik"]]).delete()
    assert square.turn("dana", question) is None
    over(square.users["alice"], question, ring_until=now())
    due("widen", "take_turn_away")
    work()
    assert square.asked(question) == set()
    with entered(square.users["alice"]):
        assert list(Asked.objects.values_list("person__name", flat=True)) == ["Dana"]


def test_somebody_who_left_or_is_a_guest_is_not_asked_and_an_asker_who_left_does_no_harm(square: Square) -> None:
    square.wrote("bob", "warmtepomp"), square.wrote("dana", "warmtepomp"), square.wrote("erik", "warmtepomp")
    with entered(square.users["alice"]), operation("end_seat"):
        Seat.objects.filter(user=square.users["bob"]).update(is_active=False)
        Seat.objects.filter(user=square.users["dana"]).update(role="guest")
    question = square.ask()
    work()
    with entered(square.users["alice"]), operation("end_seat"):
        assert list(Asked.objects.values_list("person__name", flat=True)) == ["Erik"]
        Seat.objects.filter(user=square.users["alice"]).update(is_active=False)
    answer = square.answer("erik", question)
    due("widen")
    work()
    with entered(square.users["erik"]):
        assert Moment.objects.filter(id=answer.moment_id).exists()


def test_the_answer_is_found_by_search_as_far_as_one_may_read_it(square: Square) -> None:
    question = square.ask("alice", "Wie kent een keeper?", circle="people:" + str(square.people["dana"].seat_id))
    answer = square.answer("dana", question, "Bel de voetbalclub.")
    for words in ("keeper", "voetbalclub"):
        for name, expected in (("alice", [answer.moment_id]), ("bob", [])):
            with entered(square.users[name]):
                assert search(words).moments == expected


def test_what_follows_is_planned_with_the_question_or_not_at_all(square: Square) -> None:
    def planned() -> int:
        with no_workspace("test"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'questions.%'")
            return int(cursor.fetchone()[0])

    with suppress(KeyboardInterrupt), transaction.atomic():
        square.ask("alice", PUMPS, "bob")
        assert planned() == 3
        raise KeyboardInterrupt
    assert planned() == 0
    with entered(square.users["alice"]):
        assert not Question.objects.exists()
