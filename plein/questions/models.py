# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions to the square and their answers, for a circle; and, apart from that, who is asked (ADR 0036)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.records import Found, Isolation, Record
from plein.moments.models import Moment
from plein.questions.vocabulary import LONGEST_QUESTION, State, TurnState
from plein.relations.models import Relation
from plein.trust.models import Seat

TITLE = 120


class Question(Record):
    """What a colleague asks, of the circle that may read it. `ring` says how far round it went, until `ring_until`.

    How far it is, is no history: what a worker moves on cannot be turned back, and nobody did it.
    """

    isolation = Isolation(
        unrecorded=("state", "ring", "ring_until", "ended_on"),
        found=Found(
            record="n.id",
            kind="'question'",
            title="left(n.text, 200)",
            words="plein_words(n.text)",
            at="n.created_at",
        ),
    )

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.TextField(_("question"), max_length=LONGEST_QUESTION)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNDERWAY)
    ring = models.SmallIntegerField(default=1)
    ring_until = models.DateTimeField()
    operation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "questions_question"
        verbose_name = _("question")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-created_at", "-id"], name="questions_question_seat"),
            models.Index(fields=["workspace_id", "-created_at", "-id"], name="questions_question_recent"),
            models.Index(fields=["workspace_id", "operation_id"], name="questions_operation"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The question in one line."""
        line = " ".join(self.text.split())
        return line if len(line) <= TITLE else line[: TITLE - 1].rsplit(" ", 1)[0] + "…"

    @property
    def is_underway(self) -> bool:
        return self.state == State.UNDERWAY and self.expires_at > now()


class Asked(Record):
    """Whom a colleague asks, in which ring: for their eyes. What these answered is not here."""

    isolation = Isolation(
        parents=("question", "person"), own_circle="own_circle_id", about="question", is_recorded=False
    )

    own_circle_id = models.IntegerField(null=True)
    question = models.ForeignKey(
        Question, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="asked"
    )
    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    ring = models.SmallIntegerField()
    operation_id = models.UUIDField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "questions_asked"
        verbose_name = _("person who is asked a question")
        indexes = [
            models.Index(fields=["workspace_id", "question", "ring"], name="questions_asked_question"),
            models.Index(fields=["workspace_id", "person"], name="questions_asked_person"),
            models.Index(
                fields=["workspace_id", "operation_id"],
                condition=models.Q(operation_id__isnull=False),
                name="questions_asked_operation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ring)


class Turn(Record):
    """That a colleague is asked, and what they did with it. It lives in their circle: who asked cannot read it.

    Of somebody from outside, who is asked by mail, it is nobody's, and only counts how often they are asked.
    """

    isolation = Isolation(
        parents=("question", "person"), own_circle="own_circle_id", about="question", is_recorded=False
    )

    own_circle_id = models.IntegerField(null=True)
    question = models.ForeignKey(
        Question, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    ring = models.SmallIntegerField()
    previous_name = models.CharField(max_length=300, blank=True)
    remark = models.CharField(_("a word along with it"), max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=TurnState.choices, default=TurnState.ASKED)
    todo_id = models.UUIDField(default=new_id)
    asked_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "questions_turn"
        verbose_name = _("colleague who is asked a question")
        indexes = [
            models.Index(fields=["workspace_id", "question"], name="questions_turn_question"),
            models.Index(fields=["workspace_id", "person", "-asked_at"], name="questions_turn_person"),
            models.Index(fields=["workspace_id", "seat", "-asked_at"], name="questions_turn_seat"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def is_open(self) -> bool:
        return self.state == TurnState.ASKED and self.question.is_underway


class Answer(Record):
    """What somebody answered: a contact moment. The best is kept as what the company knows.

    A colleague has a seat; what a `person` from outside answered by mail was noted by who asked.
    """

    isolation = Isolation(parents=("question", "moment", "person"), about="question")

    question = models.ForeignKey(
        Question, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="answers"
    )
    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    person = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    is_best = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "questions_answer"
        verbose_name = _("answer to a question")
        indexes = [
            models.Index(fields=["workspace_id", "question", "created_at", "id"], name="questions_answer_question"),
            models.Index(fields=["workspace_id", "moment"], name="questions_answer_moment"),
            models.Index(fields=["workspace_id", "seat"], name="questions_answer_seat"),
            models.Index(
                fields=["workspace_id", "person"],
                condition=models.Q(person__isnull=False),
                name="questions_answer_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.created_at)
