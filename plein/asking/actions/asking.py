# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for an introduction, and withdrawing that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plein.asking.actions.mailing import mail_first
from plein.asking.actions.reaching import reach_of
from plein.asking.actions.turns import open_turn, tell_colleague
from plein.asking.models import IntroductionRequest, IntroductionStep
from plein.asking.queries.standing import waiting_days
from plein.asking.queries.ways import Way, find_way, text_for
from plein.asking.refusals import CannotAsk
from plein.asking.vocabulary import State
from plein.consent.actions import subject_for
from plein.consent.actions.purposes import begin_purposes
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks: to be introduced to whom, through whom (the best way when it names nobody), and why."""

    to: Relation
    people: tuple[UUID, ...] = ()
    purpose: str = ""
    text: str = ""


def ask_introduction(*, actor: Entrance, wish: Wish) -> IntroductionRequest:
    """Ask the first person on a way to introduce one, or to pass it on; raises CannotAsk.

    A colleague finds it on their list. Somebody from outside gets it by mail, in ten seconds, if there is a ground to.
    """
    permit(actor, "write")
    way = _way(actor, wish)
    reach = reach_of(way.asked[0], way.target)
    text = wish.text.strip() or text_for(actor, way, reach.language, wish.purpose)
    if len(text) > LONGEST_TEXT:
        raise CannotAsk(_("Keep it shorter: three lines are enough."), "text")
    with transaction.atomic(), operation("ask_introduction") as done:
        request = _request(actor, way, wish.purpose, done.id, is_by_mail=reach.seat_id is None)
        told = open_turn(request, way.asked[0], reach, text)
        if reach.seat_id is None:
            mail_first(actor, request, way.asked[0], reach, text)
        else:
            tell_colleague(told)
    return request


def _way(actor: Entrance, wish: Wish) -> Way:
    way = find_way(actor, wish.to, wish.people)
    facts = {"name": wish.to.name}
    if way is None:
        words = _("There is no such way to %(name)s now. Look again who can introduce you.")
        raise CannotAsk(words % facts, "people")
    if not way.asked:
        raise CannotAsk(_("You know %(name)s yourself. Write to them.") % {"name": way.target.name}, "people")
    open_ones = IntroductionRequest.objects.filter(
        seat_id=actor.seat_id, target=way.target, state=State.UNDERWAY, expires_at__gt=now()
    )
    if IntroductionStep.objects.filter(request__in=open_ones, person__in=_ids(way.asked)).exists():
        words = _("You asked somebody on this way about %(name)s already. Wait for that, or withdraw it.")
        raise CannotAsk(words % {"name": way.target.name}, "people")
    return way


def _ids(people: Sequence[Relation]) -> list[UUID]:
    return [one.id for one in people]


def _request(actor: Entrance, way: Way, purpose: str, operation_id: UUID, *, is_by_mail: bool) -> IntroductionRequest:
    made: IntroductionRequest = IntroductionRequest.objects.create(
        id=new_id(),
        own_circle_id=only_me(),
        seat_id=actor.seat_id,
        target=way.target,
        purpose=purpose.strip()[:500],
        operation_id=operation_id,
        is_by_mail=is_by_mail,
        expires_at=now() + timedelta(days=waiting_days()),
    )
    steps = [IntroductionStep(request=made, person=one, place=place) for place, one in enumerate(way.asked, start=1)]
    for one in steps:
        one.save(force_insert=True)
    # Of everybody on the way at once: who is begun later would show how far it went.
    begin_purposes()
    for person in way.asked:
        if person.seat_id is None:
            subject_for(actor=actor, relation=person)
    return made
