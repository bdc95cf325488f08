# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague who is asked answers."""

from django.utils.translation import gettext as _

from plein.asking.events import RequestMoved
from plein.asking.models import Turn
from plein.asking.queries.keeper import LATE, Told, call
from plein.asking.refusals import CannotAsk, TooLate
from plein.asking.vocabulary import Reply
from plein.consent.actions import set_own_choice
from plein.core.events import publish
from plein.core.operations import operation
from plein.moments.actions import tick_todo
from plein.moments.models import ToDo
from plein.network.models import Refusal
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def answer_introduction(*, actor: Entrance, turn: Turn, answer: str, remark: str = "") -> None:
    """Answer what a colleague asked; raises CannotAsk and TooLate. It is no history and in no log (ADR 0033)."""
    permit(actor, "write")
    if answer not in Reply.values or (answer == Reply.PASSED and turn.is_last):
        raise CannotAsk(_("Choose one of these answers."), "answer")
    with operation("answer_introduction"):
        told = call("SELECT plein_asking_answer(%s, %s, %s)", turn.id, answer, remark.strip())
        if told.outcome == LATE:
            raise TooLate(_("It was withdrawn, answered or over in the meantime."))
        moved(told)
        todo: ToDo | None = ToDo.objects.filter(id=turn.todo_id, done_at__isnull=True).first()
        if todo is not None:
            tick_todo(actor=actor, todo=todo)
    if answer == Reply.NEVER:
        # A choice that everybody here may see, and that its page calls so; by itself, so that nothing else is seen.
        set_own_choice(actor=actor, is_open=False)


def moved(told: Told) -> None:
    """Let a request that was answered go on, or tell who asked."""
    user, request = told.id("user"), told.id("request")
    if user is not None and request is not None:
        publish(RequestMoved(told.facts["workspace"], user, request))


def allow_again(*, actor: Entrance, target: Relation) -> None:
    """Let others ask oneself about this person again."""
    permit(actor, "write")
    with operation("allow_introductions"):
        ours = Relation.objects.filter(seat_id=actor.seat_id).values("id")
        Refusal.objects.filter(person_id__in=ours, target_id=target.id, seat_id__isnull=True).delete()
