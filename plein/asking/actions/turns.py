# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving somebody their turn: once, nobody too often, and nobody who refused."""

from uuid import UUID

from django.utils.translation import gettext as _

from plein.asking.actions.reaching import Reach
from plein.asking.events import ColleagueAsked
from plein.asking.models import IntroductionRequest
from plein.asking.queries.keeper import ASKED, OFTEN, Told, call
from plein.asking.refusals import CannotAsk
from plein.asking.vocabulary import Letter
from plein.core.events import publish
from plein.core.isolation import workspace_id
from plein.relations.models import Relation

TURN = "SELECT plein_asking_turn(%s, %s, %s, %s, %s, %s, %s)"


def open_turn(request: IntroductionRequest, person: Relation, reach: Reach, text: str) -> Told:
    """Ask the first person on a way; raises CannotAsk when that cannot be."""
    mail: UUID | None = None if reach.seat_id else request.id
    told = call(TURN, request.id, 1, text, "", reach.circle_id, Letter.MAIL if mail else Letter.NONE, mail)
    _check(told, person)
    return told


def next_turn(request: IntroductionRequest, place: int, reach: Reach, text: str, previous: str) -> Told:
    """Ask whoever is next; what came of it is in the outcome."""
    letter = Letter.NONE if reach.seat_id else Letter.WAITING
    return call(TURN, request.id, place, text, previous, reach.circle_id, letter, None)


def _check(told: Told, person: Relation) -> None:
    if told.outcome == ASKED:
        return
    facts = {"name": person.name}
    if told.outcome == OFTEN:
        # Not from which day on: that would tell when they were asked, and so how far another request is.
        words = _("%(name)s was asked twice this week already. Ask another, or try again in a week.")
        raise CannotAsk(words % facts, "people")
    raise CannotAsk(_("This way cannot be used now. Choose another."), "people")


def tell_colleague(told: Told) -> None:
    """Put it on the list of the colleague who is asked; a job does so, in their name."""
    user, turn = told.id("user"), told.id("turn")
    if user is not None and turn is not None:
        publish(ColleagueAsked(workspace_id(), user, turn))
