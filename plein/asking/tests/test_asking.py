# SPDX-License-Identifier: AGPL-3.0-or-later
"""A request travels: to a colleague's list, by mail to others, from one to the next, once each."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from plein.asking.actions import allow_again, set_waiting_days, withdraw_introduction
from plein.asking.models import AnswerLink, IntroductionRequest, Turn
from plein.asking.queries import request_of
from plein.asking.refusals import CannotAsk, TooLate
from plein.asking.tasks import expire, give_turn
from plein.asking.tests.conftest import People, answer, ask, by_mail, link_in, reply, state_of, text_of, turn_of, work
from plein.consent.actions import set_own_choice
from plein.consent.queries import may_be_asked
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation, undo
from plein.moments.models import Moment, MomentSubject, ToDo
from plein.network.models import Answer, Refusal
from plein.network.queries import Question, introductions
from plein.notifications.models import Notification
from plein.outbox.models import Mail
from plein.relations.models import Relation, Tie
from plein.testing.factories import make_decision, make_person
from plein.testing.mail_server import Box
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db


def ways(user: User, to: Relation) -> set[str]:
    with entered(user) as actor:
        found = introductions(Question(to), seat_id=actor.seat_id)
        return {" ".join(one.name.split()[0] for one in path.people) for path in found.paths}


def stands(user: User, request: IntroductionRequest) -> str:
    with entered(user) as actor:
        found = request_of(request.id, actor.seat_id)
        assert found is not None
        return found.words


def test_a_colleague_finds_it_on_their_list_and_nobody_else_does(alice: User, bob: User, people: People) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik, purpose="About heat pumps.")
    work()

    assert stands(alice, made) == "It is with Bob."
    with entered(bob):
        todo = ToDo.objects.get()
        assert todo.title == "Alice asks whether you introduce them to Rik Jansen"
        assert "About heat pumps." in todo.note and f"/introductions/{turn_of(bob).id}/" in todo.note
        assert Notification.objects.filter(todo=todo).count() == 1
    with entered(alice):
        assert ToDo.objects.count() == Turn.objects.count() == 0


def test_doing_a_job_twice_asks_once(alice: User, bob: User, people: People) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    work()
    work()
    with entered(bob) as actor:
        here = actor.workspace_id
    give_turn(workspace=here, user=str(bob.id), turn=str(turn_of(bob).id))
    with entered(bob):
        assert ToDo.objects.count() == 1


def test_an_introduction_that_was_made_becomes_a_tie_and_a_note_and_is_told(
    alice: User, bob: User, people: People
) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik, purpose="About heat pumps.")
    work()
    answer(bob, "made")
    work()
    work()

    assert stands(alice, made) == "Bob introduced you."
    with entered(alice):
        tie = Tie.objects.get(kind="referred_by")
        assert (tie.one_id, tie.other_id) == (people.rik.id, people.bob.id)
        assert MomentSubject.objects.get(moment_id=made.id).title == "Bob introduced Alice to Rik Jansen"
        assert Moment.objects.get(id=made.id).kind == "note"
        assert Notification.objects.filter(what="introduction", relation=people.rik).count() == 1
        assert [one.is_yes for one in Answer.objects.all()] == [True]
    with entered(bob):
        assert ToDo.objects.get().done_at is not None
        assert not Tie.objects.filter(kind="referred_by").exists()


def test_the_tie_of_an_introduction_is_turned_back(alice: User, bob: User, people: People) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    answer(bob, "made")
    work()

    with entered(alice):
        undo(Operation.objects.filter(verb="keep_introduction").latest("started_at").id)
        assert not Tie.objects.filter(kind="referred_by").exists() and Moment.objects.count() == 0


def test_a_no_ends_the_way_without_a_name(alice: User, bob: User, people: People) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    answer(bob, "declined")

    assert stands(alice, made) == "This way does not work. Try another."
    assert "Alice Bob Rik" not in ways(alice, people.rik)
    with entered(bob):
        assert Refusal.objects.filter(seat__isnull=True).count() == 0


def test_never_for_this_person_counts_for_everybody_and_can_be_taken_back(
    alice: User, bob: User, people: People
) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    answer(bob, "not_this")

    with entered(bob) as actor:
        assert Refusal.objects.get(seat__isnull=True).person_id == people.bob.id
        allow_again(actor=actor, target=people.rik)
        assert not Refusal.objects.filter(seat__isnull=True).exists()


def test_never_for_anybody_is_the_choice_that_consent_knows(alice: User, bob: User, people: People) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    answer(bob, "never")

    with entered(alice):
        assert not may_be_asked(people.bob)
    with pytest.raises(CannotAsk, match="no such way"):
        ask(alice, people.rik, people.alice, people.bob, people.rik)


def test_somebody_elsewhere_is_asked_by_mail_and_answers_by_its_link(alice: User, people: People, box: Box) -> None:
    made = by_mail(alice, people)
    [letter] = box.kept
    words = text_of(box)

    assert letter.receivers == ["henk@vos.example"]
    assert "I would like to meet Rik Jansen." in words and "About heat pumps." in words and "Ans Bos" not in words
    with entered(alice):
        assert "/my/introduction/" not in Mail.objects.get().text

    page = Client().get(link_in(box))
    assert page.status_code == 200 and "About heat pumps." in page.text and "Ans Bos" not in page.text
    assert state_of(alice, made.id) == "underway"

    assert reply(box, "passed", "She can tell more.") == 200
    work()
    words = text_of(box)
    assert box.kept[-1].receivers == ["ans@bos.example"]
    assert "Alice of Noorderlicht would like to meet Rik Jansen. Henk Vos thought that you can help." in words
    assert "Henk Vos adds: She can tell more." in words and "About heat pumps." in words

    assert reply(box, "made") == 200
    work()
    assert stands(alice, made) == "Ans Bos introduced you."
    assert Client().get(link_in(box)).status_code == 410


def test_a_link_answers_once_and_only_what_may_be_answered(alice: User, people: People, box: Box) -> None:
    by_mail(alice, people)
    first = link_in(box)

    assert Client().post(first, {"answer": "perhaps"}).status_code == 422
    assert Client().post(first, {}).status_code == 422
    assert Client().post(first, {"answer": "passed"}).status_code == 200
    assert Client().post(first, {"answer": "declined"}).status_code == 410
    assert Client().get("/my/introduction/" + "x" * 43 + "/").status_code == 410
    work()
    last = link_in(box)
    assert last != first
    assert Client().post(last, {"answer": "passed"}).status_code == 422
    with entered(alice):
        assert AnswerLink.objects.filter(used_at__isnull=False).count() == 1


def test_never_by_a_link_is_an_objection_as_on_their_own_page(alice: User, people: People, box: Box) -> None:
    by_mail(alice, people)
    assert reply(box, "never") == 200

    with entered(alice):
        assert not may_be_asked(people.henk)
    assert ways(alice, people.rik) == {"Alice Bob Rik"}


def test_nothing_leaves_without_a_ground(alice: User, people: People, box: Box) -> None:
    with entered(alice) as actor:
        make_decision(actor, people.henk, "personal", "refused")
    by_mail(alice, people)
    assert len(box.kept) == 1

    with entered(alice) as actor:
        withdraw_introduction(actor=actor, request=IntroductionRequest.objects.get())
        make_decision(actor, people.henk, "introductions", "refused")
    with pytest.raises(CannotAsk):
        ask(alice, people.rik, people.alice, people.henk, people.ans, people.rik)


def test_who_may_not_be_asked_any_more_ends_the_way_unsaid(alice: User, people: People, box: Box) -> None:
    made = by_mail(alice, people)
    with entered(alice) as actor:
        make_decision(actor, people.ans, "introductions", "refused")
    reply(box, "passed")
    work()

    assert len(box.kept) == 1
    assert stands(alice, made) == "This way does not work. Try another."


def test_a_letter_that_was_leaving_when_its_worker_died_is_not_sent_again(
    alice: User, people: People, box: Box
) -> None:
    made = by_mail(alice, people)
    reply(box, "passed")
    box.dies_at = "after_keeping"
    work()
    assert len(box.kept) == 2

    box.dies_at = ""
    work()
    assert len(box.kept) == 2 and state_of(alice, made.id) == "underway"
    assert reply(box, "made") == 200


def test_a_letter_that_no_server_takes_ends_the_way(alice: User, people: People, box: Box) -> None:
    made = by_mail(alice, people)
    reply(box, "passed")
    box.refusals["RCPT"] = "550 no such box"
    work()

    assert state_of(alice, made.id) == "ended" and len(box.kept) == 1


def test_nobody_is_asked_more_than_twice_a_week_whoever_asks(alice: User, bob: User, people: People, box: Box) -> None:
    with entered(alice):
        others = [make_person(f"Iemand {number}") for number in range(3)]
        with operation("add_tie"):
            for one in others:
                Tie.objects.create(one=people.bob, other=one, kind="friend")
    for one in others[:2]:
        ask(alice, one, people.alice, people.bob, one)
    with pytest.raises(CannotAsk, match="twice this week"):
        ask(alice, others[2], people.alice, people.bob, others[2])
    with entered(alice):
        assert IntroductionRequest.objects.count() == 2


def test_one_does_not_ask_twice_nor_whom_one_knows(alice: User, people: People) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    with pytest.raises(CannotAsk, match="already"):
        ask(alice, people.rik, people.alice, people.bob, people.rik)
    with pytest.raises(CannotAsk, match="yourself"):
        ask(alice, people.henk)


def test_a_colleague_who_does_not_see_the_person_is_not_asked(alice: User, people: People) -> None:

    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=people.rik.id).update(circle_id=only_me())
    with pytest.raises(CannotAsk, match="does not see Rik Jansen here"):
        ask(alice, people.rik, people.alice, people.bob, people.rik)


def test_withdrawing_takes_it_off_the_list(alice: User, bob: User, people: People) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    work()
    turn = turn_of(bob)
    with entered(alice) as actor:
        withdraw_introduction(actor=actor, request=made)
    work()

    assert stands(alice, made) == "You withdrew it."
    with entered(bob):
        assert ToDo.objects.get().done_at is not None
    with pytest.raises(TooLate):
        answer(bob, "made")
    with entered(alice) as actor, pytest.raises(TooLate):
        withdraw_introduction(actor=actor, request=made)
    assert turn.id == turn_of(bob).id and "Alice Bob Rik" in ways(alice, people.rik)


def test_undo_keeps_the_mail_from_leaving(alice: User, people: People, box: Box) -> None:
    made = ask(alice, people.rik, people.alice, people.henk, people.ans, people.rik)
    with entered(alice):
        assert made.operation_id is not None
        undo(made.operation_id)
        assert Moment.objects.count() == Mail.objects.count() == 0
    assert state_of(alice, made.id) == "withdrawn"
    work("outbox.")
    assert box.kept == []

    other = by_mail(alice, people)
    with entered(alice), pytest.raises(CannotUndo):
        assert other.operation_id is not None
        undo(other.operation_id)


def test_what_waits_too_long_ends_by_itself(alice: User, bob: User, people: People) -> None:
    with entered(alice) as actor:
        set_waiting_days(actor=actor, days=5)
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    work()
    assert (made.expires_at - now()).days in (4, 5)
    expire(0)
    assert state_of(alice, made.id) == "underway"

    with entered(alice):
        IntroductionRequest.objects.filter(id=made.id).update(expires_at=now() - timedelta(days=1))
    with pytest.raises(TooLate):
        answer(bob, "made")
    expire(0)
    work()

    assert stands(alice, made) == "This way does not work. Try another."
    with entered(bob):
        assert ToDo.objects.get().done_at is not None
        assert [one.is_yes for one in Answer.objects.all()] == [False]


def test_who_may_not_write_asks_nobody_and_a_member_chooses_no_days(
    alice: User, bob: User, gina: User, people: People
) -> None:
    with pytest.raises(PermissionDenied):
        ask(gina, people.rik)
    with entered(bob) as actor, pytest.raises(PermissionDenied):
        set_waiting_days(actor=actor, days=5)
    with entered(alice) as actor, pytest.raises(CannotAsk):
        set_waiting_days(actor=actor, days=2)


def test_who_wants_no_requests_is_not_asked(alice: User, bob: User, people: People) -> None:
    with entered(bob) as actor:
        set_own_choice(actor=actor, is_open=False)
    assert ways(alice, people.rik) == {"Alice Henk Ans Rik"}


def test_what_was_answered_goes_after_two_years_where_nobody_asks_any_more(alice: User, people: People) -> None:
    with entered(alice) as actor:
        for days in (731, 729):
            at = now() - timedelta(days=days)
            Answer.objects.create(person=people.henk, seat_id=actor.seat_id, is_yes=True, at=at)
    expire(0)
    with entered(alice) as actor:
        [kept] = Answer.objects.all()
        assert (now() - kept.at).days == 729
        for until in (now() - timedelta(minutes=1), now() + timedelta(days=1), None):
            Refusal.objects.create(person=people.henk, target=people.rik, seat_id=actor.seat_id, until=until)
    expire(0)
    with entered(alice):
        assert Refusal.objects.count() == 2 and not IntroductionRequest.objects.exists()
