# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's part: the to-do of a colleague who is asked, and that an answer came."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.moments.actions import create_todo, tick_todo
from plein.moments.models import ToDo
from plein.notifications.actions.telling import News, tell
from plein.notifications.queries.preferences import preference_of, quiet_until
from plein.notifications.vocabulary import Kind
from plein.questions.models import Answer, Turn
from plein.questions.vocabulary import KEPT
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of


def give_turn(*, actor: Entrance, turn: Turn, address: str) -> datetime | None:
    """Put a question on the actor's list, and tell them; when their quiet hours end, if they are in them.

    Doing so twice does it once.
    """
    permit(actor, "write")
    if not turn.is_open:
        return None
    later = quiet_until(preference_of(actor.seat_id), zone_of(actor.user), now())
    if later is not None:
        return later
    asker = turn.question.seat.user.name if turn.question.seat else _("Somebody who left")
    with translation.override(actor.user.language):
        word = (
            [_("%(name)s adds: %(remark)s") % {"name": turn.previous_name, "remark": turn.remark}]
            if turn.remark
            else []
        )
        todo = create_todo(
            actor=actor,
            title=_("%(asker)s asks: %(question)s") % {"asker": asker, "question": turn.question.title},
            note="\n\n".join([turn.question.text, *word, f"{_('Answer here:')} {address}"]),
            due_on=turn.question.expires_at.date(),
            circle="me",
            todo_id=turn.todo_id,
        )
    tell(
        actor=actor,
        news=News(
            kind=Kind.ASSIGNED, what="todo", act=turn.id, about=todo.id, by=turn.question.seat_id, todo_id=todo.id
        ),
    )
    _let_go(actor.seat_id)
    return None


def _let_go(seat: UUID) -> None:
    """What somebody was asked long ago is forgotten."""
    Turn.objects.filter(seat_id=seat, asked_at__lt=now() - KEPT - timedelta(days=1)).delete()


def take_turn_away(*, actor: Entrance, turn: Turn) -> None:
    """Take from the actor's list what need not be answered any more."""
    permit(actor, "write")
    if turn.is_open:
        return
    todo: ToDo | None = ToDo.objects.filter(id=turn.todo_id, done_at__isnull=True).first()
    if todo is not None:
        tick_todo(actor=actor, todo=todo)


def tell_of_answer(*, actor: Entrance, answer: Answer) -> None:
    """Tell who asked that somebody answered. Doing so twice does it once."""
    permit(actor, "read")
    news = News(
        kind=Kind.FOLLOWED, what="answer", act=answer.id, about=answer.id, by=answer.seat_id, moment_id=answer.moment_id
    )
    tell(actor=actor, news=news)
