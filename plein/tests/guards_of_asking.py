# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around requests for introductions (ADR 0033): how to take each away, and the suite that then turns red."""

import secrets
import sys
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from plein.asking.actions import Wish, answer_introduction, ask_introduction, reaching, read_asked, reply
from plein.asking.apps import AskingConfig
from plein.asking.models import AnswerLink, IntroductionRequest, Turn
from plein.asking.queries import request_of
from plein.asking.queries.keeper import call
from plein.asking.refusals import CannotAsk, TooLate
from plein.asking.vocabulary import Letter
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.core.operations import operation
from plein.network.models import Answer, Refusal
from plein.network.queries import Question, introductions, reluctance
from plein.network.queries.introductions import __name__ as INTRODUCTIONS
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.tests.guards import Guard, by_owner, replaced
from plein.trust.actions.links import digest_of
from plein.trust.circles import circle_of_people, everyone
from plein.trust.models import Seat
from plein.trust.seats import entered

TURN = "SELECT plein_asking_turn(%s, %s, %s, '', %s, %s, NULL)"


def without(part: str, instead: str = "") -> AbstractContextManager[None]:
    """The functions of the keeper, with a part of one of them left out."""
    whole = AskingConfig.keeper_sql(None, ())  # type: ignore[arg-type]
    assert part in whole, part
    return by_owner(whole.replace(part, instead), undone_by=(whole,))


def begin(cast: Cast) -> tuple[Relation, Relation, Relation]:
    """Bob, Ans and Rik, each of whom knows the next; Alice knows Bob, who is her colleague."""
    with entered(cast.alice) as actor, operation("add_tie"):
        me, bob, ans, rik = (make_person(name) for name in ("Alice", "Bob", "Ans", "Rik"))
        Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        Relation.objects.filter(id=bob.id).update(seat_id=Seat.objects.get(user=cast.bob).id)
        for one, other in ((me, bob), (bob, ans), (ans, rik)):
            Tie.objects.create(one=one, other=other, kind="friend")
        return bob, ans, rik


def asked(cast: Cast, rik: Relation) -> IntroductionRequest:
    with entered(cast.alice) as actor:
        return ask_introduction(actor=actor, wish=Wish(rik))


def answer(cast: Cast, chosen: str) -> None:
    with entered(cast.bob) as actor:
        turn = Turn.objects.latest("asked_at")
        answer_introduction(actor=actor, turn=turn, answer=chosen)


def ways(cast: Cast, rik: Relation) -> int:
    with entered(cast.alice) as actor:
        return len(introductions(Question(rik), seat_id=actor.seat_id).paths)


def what_somebody_answers_lies_where_who_asked_cannot_read(cast: Cast) -> None:
    _bob, _ans, rik = begin(cast)
    asked(cast, rik)
    with entered(cast.alice):
        assert Turn.objects.count() == 0


def where_it_stands_is_said_of_two(cast: Cast) -> None:
    _bob, _ans, rik = begin(cast)
    made = asked(cast, rik)
    answer(cast, "passed")
    with entered(cast.alice) as actor:
        standing = request_of(made.id, actor.seat_id)
        assert standing is not None and len(standing.holding) == 2


def the_whole_way_rests(cast: Cast) -> None:
    bob, ans, rik = begin(cast)
    asked(cast, rik)
    answer(cast, "declined")
    with entered(cast.alice) as actor:
        resting = Refusal.objects.filter(seat_id=actor.seat_id, target=rik).values_list("person_id", flat=True)
        assert set(resting) == {bob.id, ans.id}


def only_who_is_asked_answers(cast: Cast) -> None:
    _bob, _ans, rik = begin(cast)
    asked(cast, rik)
    with entered(cast.bob):
        turn = Turn.objects.latest("asked_at")
    try:
        with entered(cast.alice) as actor:
            answer_introduction(actor=actor, turn=turn, answer="made")
    except TooLate:
        return
    raise AssertionError("somebody else answered")


def nobody_is_asked_too_often(cast: Cast) -> None:
    bob, _ans, _rik = begin(cast)
    with entered(cast.alice), operation("add_tie"):
        others = [make_person(f"Iemand {number}") for number in range(3)]
        for one in others:
            Tie.objects.create(one=bob, other=one, kind="friend")
    for one in others[:2]:
        asked(cast, one)
    try:
        asked(cast, others[2])
    except CannotAsk:
        return
    raise AssertionError("they were asked once more")


def linked(cast: Cast, *, lifetime: timedelta = timedelta(days=1)) -> tuple[str, UUID]:
    """A link for somebody from outside; its hash, and whose turn it is."""
    with entered(cast.alice) as actor, operation("add_tie"):
        me, henk, rik = (make_person(name) for name in ("Alice", "Henk", "Rik"))
        Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)
        expires_at = now() + timedelta(days=9)
        made = IntroductionRequest.objects.create(seat_id=actor.seat_id, target=rik, expires_at=expires_at)
        made.steps.create(person=henk, place=1)
        told = call(TURN, made.id, 1, "Dag", circle_of_people([]), Letter.WAITING)
        turn = told.id("turn")
        assert turn is not None
        digest = digest_of(secrets.token_urlsafe(32))
        AnswerLink.objects.create(
            digest=digest, into_workspace=workspace_id(), turn_id=turn, expires_at=now() + lifetime
        )
    return digest, turn


def a_link_answers_once(cast: Cast) -> None:
    link, turn = linked(cast)
    assert reply(link=link, answer="made")
    # As when the turn were open again: the link itself is spent.
    with entered(cast.alice):
        assert AnswerLink.objects.get(turn_id=turn).used_at is not None
    assert read_asked(link) is None


def a_link_ends(cast: Cast) -> None:
    link, _turn = linked(cast, lifetime=timedelta(days=-1))
    assert read_asked(link) is None


def a_letter_leaves_once(cast: Cast) -> None:
    _link, turn = linked(cast)
    with entered(cast.alice):
        letter = "SELECT plein_asking_letter(%s, %s, %s)"
        assert call(letter, turn, Letter.WAITING, Letter.LEAVING).facts
        assert not call(letter, turn, Letter.WAITING, Letter.LEAVING).facts


def a_refusal_is_in_no_way(cast: Cast) -> None:
    bob, _ans, rik = begin(cast)
    with entered(cast.alice):
        Refusal.objects.create(person=bob, target=rik)
    assert ways(cast, rik) == 0


def noes_count_together_only(cast: Cast) -> None:
    bob, _ans, rik = begin(cast)
    with entered(cast.alice) as actor:
        for _number in range(5):
            at = now().replace(day=1) - timedelta(days=2)
            Answer.objects.create(person=bob, seat_id=actor.seat_id, is_yes=False, at=at)
        [path] = introductions(Question(rik), seat_id=actor.seat_id).paths
        assert path.willingness == 1


OVER, ONE_LESS = " AND l.expires_at > now()", "SET shown = theirs.place - 1"
THEIR_TURN = " AND t.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid) THEN"
OF_THE_WAY = "JOIN asking_step s ON s.workspace_id = workspace AND s.request_id = q.id\n"
OFTEN, BEFORE = "HAVING count(*) >= 2", " AND t.letter = the_before\n"

ASKING_GUARDS = [
    Guard(
        "what somebody answers is theirs",
        lambda: replaced(reaching, "circle_of_people", lambda _seats: everyone()),
        what_somebody_answers_lies_where_who_asked_cannot_read,
    ),
    Guard(
        "where a request stands is said of two",
        lambda: without(ONE_LESS, "SET shown = theirs.place"),
        where_it_stands_is_said_of_two,
    ),
    Guard(
        "the whole way rests",
        lambda: without(OF_THE_WAY, OF_THE_WAY.rstrip() + " AND s.place = 1\n"),
        the_whole_way_rests,
    ),
    Guard("only who is asked answers", lambda: without(THEIR_TURN, ") THEN"), only_who_is_asked_answers),
    Guard("nobody is asked too often", lambda: without(OFTEN, "HAVING count(*) >= 99"), nobody_is_asked_too_often),
    Guard("a link answers once", lambda: without("SET used_at = now()", "SET used_at = NULL"), a_link_answers_once),
    Guard("a link to answer ends", lambda: without(OVER), a_link_ends),
    Guard("a letter of the house leaves once", lambda: without(BEFORE, "\n"), a_letter_leaves_once),
    Guard(
        "who refused is in no way",
        lambda: replaced(sys.modules[INTRODUCTIONS], "reluctance_of", lambda *_: reluctance.NOBODY),
        a_refusal_is_in_no_way,
    ),
    Guard("noes count together only", lambda: replaced(reluctance, "ASKERS", 1), noes_count_together_only),
]
