# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's part: what came of a request in the end, and the to-do of a colleague who is asked."""

from django.utils import translation
from django.utils.translation import gettext as _

from plein.asking.models import IntroductionRequest, Turn
from plein.asking.queries.standing import Standing, request_of
from plein.asking.vocabulary import State
from plein.core.operations import operation
from plein.moments.actions import Part, create_todo, record_moment, tick_todo
from plein.moments.models import ToDo
from plein.moments.vocabulary import MomentKind, ParticipantRole
from plein.notifications.actions.telling import News, tell
from plein.notifications.vocabulary import Kind
from plein.relations.models import Tie
from plein.relations.vocabulary import TieKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def finish_request(*, actor: Entrance, request: IntroductionRequest) -> None:
    """Tell who asked what came of it; an introduction becomes a tie, with a note. Doing so twice does it once."""
    permit(actor, "write")
    if request.state not in (State.MADE, State.ENDED):
        return
    standing = request_of(request.id, actor.seat_id)
    if standing is not None and request.state == State.MADE:
        _keep(actor, standing)
    tell(
        actor=actor,
        news=News(
            kind=Kind.FOLLOWED,
            what="introduction",
            act=request.id,
            about=request.id,
            relation_ids=(request.target_id,),
        ),
    )


def _keep(actor: Entrance, standing: Standing) -> None:
    """That two people were brought together: by whom, as a tie with the note that tells of it."""
    request, helper = standing.request, standing.made_by
    if helper is None or Tie.objects.filter(id=request.id).exists():
        return
    facts = {"helper": helper.name, "target": request.target.name, "asker": actor.user.name}
    with translation.override(actor.user.language), operation("keep_introduction"):
        # As private as the request was: whoever asked may show it to others.
        note = record_moment(
            actor=actor,
            kind=MomentKind.NOTE,
            participants=[Part(request.target_id, ParticipantRole.ABOUT), Part(helper.id, ParticipantRole.ABOUT)],
            subject=_("%(helper)s introduced %(asker)s to %(target)s") % facts,
            text=request.purpose,
            circle="me",
            moment_id=request.id,
        )
        Tie.objects.create(
            id=request.id,
            one_id=request.target_id,
            other_id=helper.id,
            kind=TieKind.REFERRED_BY,
            own_circle_id=note.circle_id,
            starts_on=request.ended_on,
            note=(_("%(helper)s introduced %(asker)s to %(target)s") % facts)[:300],
        )


def give_turn(*, actor: Entrance, turn: Turn, address: str) -> None:
    """Put what a colleague asks on the actor's list, and tell them. Doing so twice does it once."""
    permit(actor, "write")
    if not turn.is_open:
        return
    facts = {"asker": turn.asker.user.name, "target": turn.target.name}
    with translation.override(actor.user.language):
        todo = create_todo(
            actor=actor,
            title=_("%(asker)s asks whether you introduce them to %(target)s") % facts,
            note=f"{turn.text}\n\n{_('Answer here:')} {address}",
            due_on=turn.expires_at.date(),
            relation_id=turn.target_id,
            circle="me",
            todo_id=turn.todo_id,
        )
    tell(
        actor=actor,
        news=News(kind=Kind.ASSIGNED, what="todo", act=turn.id, about=todo.id, by=turn.asker_id, todo_id=todo.id),
    )


def take_turn_away(*, actor: Entrance, turn: Turn) -> None:
    """Take from the actor's list what need not be answered any more."""
    permit(actor, "write")
    todo: ToDo | None = ToDo.objects.filter(id=turn.todo_id, done_at__isnull=True).first()
    if todo is not None:
        tick_todo(actor=actor, todo=todo)
