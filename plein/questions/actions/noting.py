# SPDX-License-Identifier: AGPL-3.0-or-later
"""Noting what people from outside answered, who have no list here to answer on."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plein.core.operations import operation
from plein.moments.actions import Part, record_moment
from plein.moments.vocabulary import MomentKind, ParticipantRole
from plein.questions.actions.answering import circle_of_answer, words_of_answer
from plein.questions.models import Answer, Asked, Question
from plein.questions.refusals import CannotAsk
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def note_answer(*, actor: Entrance, question: Question, person: UUID, text: str) -> Answer:
    """Note what somebody from outside answered to a question of one's own. Raises CannotAsk."""
    permit(actor, "write")
    text = words_of_answer(text)
    asked = Asked.objects.filter(question=question, person_id=person, person__seat__isnull=True)
    if question.seat_id != actor.seat_id or not asked.exists():
        raise CannotAsk(_("Choose one of those whom you asked by mail."), "person")
    with transaction.atomic(), operation("note_answer"):
        moment = record_moment(
            actor=actor,
            kind=MomentKind.NOTE,
            participants=[Part(person, ParticipantRole.ABOUT)],
            subject=question.title,
            text=text,
            circle=circle_of_answer(question, actor.seat_id),
        )
        made: Answer = Answer.objects.create(question=question, moment=moment, person_id=person)
    return made
