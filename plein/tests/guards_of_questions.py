# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around questions to the square (ADR 0036): how to take each away, and the suite that then turns red."""

from contextlib import AbstractContextManager
from datetime import timedelta

from plein.core.finding import WRITTEN, alike, finder
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.actions import record_moment
from plein.questions.actions import Call, answer_question, answering, ask_question, asking
from plein.questions.actions.turns import ask_ring
from plein.questions.apps import QuestionsConfig
from plein.questions.models import Question, Turn
from plein.questions.queries import colleagues, suggestions
from plein.questions.refusals import CannotAsk, TooLate
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust.models import Seat
from plein.trust.seats import entered

TEXT = "Who knows about heat pumps?"


def without(part: str, instead: str = "") -> AbstractContextManager[None]:
    """The functions of the keeper, with a part of one of them left out."""
    whole = QuestionsConfig.keeper_sql(None, ())  # type: ignore[arg-type]
    assert part in whole, part
    return by_owner(whole.replace(part, instead), undone_by=(whole,))


def begin(cast: Cast) -> Relation:
    """Alice, and Bob, who can be asked."""
    with entered(cast.bob) as actor:
        Turn.objects.all().delete()
        known: Relation | None = Relation.objects.filter(seat_id=actor.seat_id).first()
    if known is not None:
        return known
    with entered(cast.alice) as actor, operation("add_tie"):
        me, bob = make_person("Alice", is_ours=True), make_person("Bob", is_ours=True)
        Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        Relation.objects.filter(id=bob.id).update(seat_id=Seat.objects.get(user=cast.bob).id)
        return bob


def ask(cast: Cast, bob: Relation, circle: str = "everyone") -> Question:
    with entered(cast.alice) as actor:
        return ask_question(actor=actor, call=Call(f"{TEXT} {new_id()}", (bob.id,), circle))


def nobody_is_asked_three_times_a_week(cast: Cast) -> None:
    bob = begin(cast)
    ask(cast, bob), ask(cast, bob)
    try:
        ask(cast, bob)
    except CannotAsk:
        return
    raise AssertionError("Bob was asked a third time")


def who_may_not_read_it_is_not_asked(cast: Cast) -> None:
    bob = begin(cast)
    try:
        ask(cast, bob, circle="me")
    except CannotAsk:
        return
    raise AssertionError("Bob was asked what he may not read")


def a_guest_is_not_asked(cast: Cast) -> None:
    bob = begin(cast)
    question = ask(cast, bob)
    with entered(cast.bob):
        Turn.objects.all().delete()
    with entered(cast.alice), operation("edit_seat"):
        Seat.objects.filter(user=cast.bob).update(role="guest")
    with entered(cast.alice):
        asked = ask_ring(question, [bob], 2)
    with entered(cast.alice), operation("edit_seat"):
        Seat.objects.filter(user=cast.bob).update(role="member")
    assert not asked, "a guest was asked"


def nobody_answers_twice(cast: Cast) -> None:
    question = ask(cast, begin(cast))
    with entered(cast.bob) as actor:
        turn = Turn.objects.select_related("question").get(question=question)
        answer_question(actor=actor, turn=turn, text="De Linde does.")
        try:
            answer_question(actor=actor, turn=turn, text="De Linde does.")
        except TooLate:
            return
    raise AssertionError("Bob answered twice")


def what_is_over_is_not_answered(cast: Cast) -> None:
    question = ask(cast, begin(cast))
    with entered(cast.alice), operation("widen_question"):
        Question.objects.update(expires_at=now() - timedelta(days=1))
    with entered(cast.bob) as actor:
        turn = Turn.objects.select_related("question").get(question=question)
        try:
            answer_question(actor=actor, turn=turn, text="De Linde does.")
        except TooLate:
            return
    raise AssertionError("Bob answered what is over")


def what_one_may_not_read_makes_nobody_an_expert(cast: Cast) -> None:
    begin(cast)
    with entered(cast.bob) as actor:
        record_moment(actor=actor, kind="note", participants=[], text="Heat pumps, heat pumps.", circle="me")
    with entered(cast.alice) as actor:
        me, people = colleagues(actor.seat_id)
        found = suggestions(me, people, *alike(TEXT, WRITTEN), seat_id=actor.seat_id)
        assert not any(one.is_known for one in found), "what only Bob reads tells that he knows"
        [written] = alike(TEXT, WRITTEN)
        assert not written.found and written.total == 0, "what only Bob reads is counted"


QUESTION_GUARDS: list[Guard] = [
    Guard(
        "twice a week, of questions",
        lambda: without("IF plein_asking_free(whom.id) IS NOT NULL THEN", "IF false THEN"),
        nobody_is_asked_three_times_a_week,
    ),
    Guard(
        "only readers are asked",
        lambda: replaced(asking, "seats_within", lambda circles, seats: set(seats)),
        who_may_not_read_it_is_not_asked,
    ),
    Guard("no guest is asked", lambda: without(" AND e.role <> 'guest'"), a_guest_is_not_asked),
    Guard("answered once", lambda: replaced(answering, "_take", lambda turn, state: None), nobody_answers_twice),
    Guard(
        "answered in time",
        lambda: replaced(Question, "is_underway", property(lambda self: True)),
        what_is_over_is_not_answered,
    ),
    Guard(
        "the scope of what is alike",
        lambda: replaced(finder, "scope", lambda alias: "true"),
        what_one_may_not_read_makes_nobody_an_expert,
    ),
]
