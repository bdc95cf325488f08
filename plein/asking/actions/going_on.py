# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's part: asking the next person, giving colleagues their to-do, and what came of a request in the end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from plein.asking.actions.reaching import Reach, reach_of, somebody
from plein.asking.actions.turns import next_turn, tell_colleague
from plein.asking.events import LetterReady, RequestMoved
from plein.asking.models import IntroductionRequest, IntroductionStep
from plein.asking.queries.keeper import ASKED, OFTEN, Told, call
from plein.asking.refusals import CannotAsk
from plein.asking.wording import passed_text
from plein.consent.queries import may_send, purpose_called
from plein.consent.vocabulary import INTRODUCTIONS
from plein.core.events import publish
from plein.relations.models import Relation
from plein.trust import letters
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Later:
    """Somebody was asked often lately: go on at this time."""

    at: datetime


def ask_next(*, actor: Entrance, request: IntroductionRequest) -> Later | None:
    """Ask whoever is next on the way of a request that was passed on; whoever may not be asked ends the way.

    Doing so twice asks once.
    """
    permit(actor, "write")
    told = call("SELECT plein_asking_next(%s)", request.id)
    if not told.facts:
        return None
    place = int(told.facts["place"])
    step = IntroductionStep.objects.filter(request=request, place=place).select_related("person").first()
    previous = somebody(told.id("person"))
    try:
        if step is None or previous is None:
            raise CannotAsk(_("Somebody on this way is not here any more."))
        reach = _reach(step.person, request.target)
    except CannotAsk:
        _stop(request)
        return None
    text = passed_text(
        person=step.person,
        target=request.target,
        asker=actor.user.name,
        company=actor.workspace_name,
        previous=previous.name,
        purpose=request.purpose,
        remark=told.facts["remark"],
        language=reach.language,
    )
    asked = next_turn(request, place, reach, text, previous.name)
    return _went_on(actor, request, reach, asked)


def _reach(person: Relation, target: Relation) -> Reach:
    """How the next person can be asked; raises CannotAsk, also where nothing may go to them."""
    reach = reach_of(person, target)
    if reach.address and (not letters.can_send() or may_send([reach.address.lower()], purpose_called(INTRODUCTIONS))):
        raise CannotAsk(_("Nothing may go to this address."))
    return reach


def _went_on(actor: Entrance, request: IntroductionRequest, reach: Reach, asked: Told) -> Later | None:
    again = asked.time("again")
    if asked.outcome == OFTEN and again is not None and again < request.expires_at:
        return Later(again)
    if asked.outcome not in (ASKED, OFTEN, "late"):
        _stop(request)
        return None
    turn = asked.id("turn")
    if turn is not None and reach.seat_id is not None:
        tell_colleague(asked)
    elif turn is not None:
        publish(LetterReady(actor.workspace_id, actor.user.id, turn))
    return None


def _stop(request: IntroductionRequest) -> None:
    told = call("SELECT plein_asking_stop(%s)", request.id)
    if told.outcome == "stopped":
        publish(RequestMoved(told.facts["workspace"], UUID(told.facts["user"]), request.id))


def stop_request(*, actor: Entrance, request: IntroductionRequest) -> None:
    """End a way that cannot go on."""
    permit(actor, "write")
    _stop(request)
