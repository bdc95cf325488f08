# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions as pages show them: with their answers, and with what the reader is to do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.core.audit import audit_look
from plein.core.finding import Weighed
from plein.moments.models import MomentText
from plein.questions.models import Answer, Asked, Question, Turn
from plein.questions.vocabulary import State
from plein.relations.models import Relation

PAGE = 100
#: A question is like another when more than this of what its words tell is in it; so many are shown.
LIKE, MOST_LIKE = 0.5, 3


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with its words, as far as the reader may see them."""

    answer: Answer
    text: str

    @property
    def name(self) -> str:
        """Who gave it."""
        seat, person = self.answer.seat, self.answer.person
        if seat is not None:
            return str(seat.user.name)
        return str(person.name) if person is not None else _("Somebody who left")


@dataclass(frozen=True, slots=True)
class Standing:
    """A question with its answers, the best first, and whom its asker asked; `turn` is the reader's own."""

    question: Question
    answers: tuple[GivenAnswer, ...]
    asked: tuple[Asked, ...] = ()
    turn: Turn | None = None

    @property
    def best(self) -> GivenAnswer | None:
        """The answer that is kept."""
        return next((one for one in self.answers if one.answer.is_best), None)

    @property
    def asker(self) -> str:
        """Who asked."""
        seat = self.question.seat
        return str(seat.user.name) if seat is not None else _("Somebody who left")

    @property
    def outside(self) -> tuple[Relation, ...]:
        """Who was asked by mail."""
        return tuple(one.person for one in self.asked if one.person.seat_id is None)

    @property
    def state(self) -> str:
        """How far it is: over when its time is over, or when its best answer was taken back."""
        if self.question.state == State.UNDERWAY and not self.question.is_underway:
            return "over"
        return str(self.question.state)

    @property
    def words(self) -> str:
        """Where it stands, in a sentence. Never who did what with it: only how many answered."""
        count = len(self.answers)
        if self.best is not None:
            return _("%(name)s had the answer.") % {"name": self.best.name}
        answered = ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count} if count else ""
        if self.question.state == State.WITHDRAWN:
            return _("Withdrawn.")
        if self.question.is_underway:
            return answered or _("No answer yet.")
        return answered or _("Nobody knew in time.")


def _given(answer: Answer) -> GivenAnswer:
    return GivenAnswer(answer, getattr(answer, "said", "") or "")


def _answers() -> QuerySet[Answer]:
    """Answers with their words, the best first."""
    texts = MomentText.objects.filter(moment=OuterRef("moment_id")).order_by("id").values("text")[:1]
    found = Answer.objects.select_related("seat__user", "moment", "person").annotate(said=Subquery(texts))
    return found.order_by("-is_best", "created_at", "id")


def standing(questions: Sequence[Question]) -> list[Standing]:
    """These questions with their answers, which were brought along."""
    found = [Standing(one, tuple(map(_given, one.answers.all()))) for one in questions]
    audit_look("question", questions, how="list")
    audit_look("moment", [each.answer.moment for one in found for each in one.answers], how="list")
    people = [each.answer.person for one in found for each in one.answers if each.answer.person is not None]
    audit_look("relation", people, how="list")
    return found


def _with_answers() -> QuerySet[Question]:
    return Question.objects.select_related("seat__user").prefetch_related(Prefetch("answers", queryset=_answers()))


def questions_of(seat_id: UUID) -> list[Standing]:
    """What a colleague asked, the latest first; two queries."""
    return standing(list(_with_answers().filter(seat_id=seat_id).order_by("-created_at", "-id")[:PAGE]))


def answered_questions(seat_id: UUID, limit: int = PAGE) -> list[Standing]:
    """What others asked and was answered, the latest first; two queries."""
    is_answered = Exists(Answer.objects.filter(question=OuterRef("id")))
    found = _with_answers().filter(is_answered).exclude(seat_id=seat_id)
    return standing(list(found.order_by("-created_at", "-id")[:limit]))


def turns_of(seat_id: UUID) -> list[Turn]:
    """What a colleague is asked, what waits first; a query."""
    found = Turn.objects.filter(seat_id=seat_id).select_related("question__seat__user").order_by("-asked_at", "-id")
    return sorted(found[:PAGE], key=lambda one: not one.is_open)


def open_turns(seat_id: UUID) -> int:
    """How many questions wait for a colleague; a query."""
    return len([one for one in turns_of(seat_id) if one.is_open])


def turn_of(question_id: UUID, seat_id: UUID) -> Turn | None:
    """That a colleague is asked this question."""
    found = Turn.objects.filter(question_id=question_id, seat_id=seat_id).select_related("question__seat__user")
    return found.order_by("-asked_at", "-id").first()


def question_of(question_id: UUID, seat_id: UUID) -> Standing | None:
    """One question, with whom its asker asked and the reader's own turn; four queries."""
    question = _with_answers().filter(id=question_id).first()
    if question is None:
        return None
    [found] = standing([question])
    asked: tuple[Asked, ...] = ()
    if question.seat_id == seat_id:
        rows = Asked.objects.filter(question=question).select_related("person")
        asked = tuple(rows.order_by("ring", "person__sort_name", "id"))
        audit_look("relation", [one.person for one in asked], how="list")
    turn = Turn.objects.filter(question=question, seat_id=seat_id).order_by("-asked_at", "-id").first()
    if turn is not None:
        turn.question = question
    return Standing(question, found.answers, asked, turn)


def asked_before(weighed: Weighed) -> list[Standing]:
    """Questions like what was looked for that were answered, each with one answer, the likest first; a query."""
    shares = {one.record_id: share for one in weighed.found if (share := weighed.share(one.held)) > LIKE}
    likest = sorted(shares, key=lambda id: (-shares[id], str(id)))[:PAGE]
    if not likest:
        return []
    found: dict[UUID, Answer] = {}
    answers = _answers().select_related("question__seat__user", "seat__user", "moment", "person")
    for one in answers.filter(question__in=likest):
        found.setdefault(one.question_id, one)
    best = [found[id] for id in likest if id in found][:MOST_LIKE]
    audit_look("question", [one.question for one in best], how="list")
    audit_look("moment", [one.moment for one in best], how="list")
    return [Standing(one.question, (_given(one),)) for one in best]
