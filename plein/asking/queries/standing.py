# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a request stands, as who asked may know it: always of two, so that nobody can be blamed (ADR 0033)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.asking.models import AskingSettings, IntroductionRequest, IntroductionStep, Turn
from plein.asking.vocabulary import USUAL_DAYS, State
from plein.core.audit import audit_look
from plein.network.models import Refusal
from plein.relations.models import Relation

PAGE = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """A request with the people on its way, and where it stands in a sentence."""

    request: IntroductionRequest
    people: tuple[Relation, ...]

    @property
    def words(self) -> str:
        """Where it stands."""
        if self.request.state == State.MADE:
            return _("%(name)s introduced you.") % {"name": self.made_by.name} if self.made_by else _("It was made.")
        if self.request.state == State.WITHDRAWN:
            return _("You withdrew it.")
        if not self.request.is_underway:
            return _("This way does not work. Try another.")
        return self._underway()

    def _underway(self) -> str:
        holding = self.holding
        if len(holding) == 1:
            return _("It is with %(name)s.") % {"name": holding[0].name}
        if not holding:
            return _("It is underway.")
        one, other = holding
        return _("It is with %(one)s, or %(one)s passed it on to %(other)s.") % {"one": one.name, "other": other.name}

    @property
    def passed(self) -> tuple[Relation, ...]:
        """Who passed it on, as far as that may be known."""
        return self.people[: self.request.shown]

    @property
    def holding(self) -> tuple[Relation, ...]:
        """The two with one of whom it is; the only one of a way with one in between."""
        return self.people[self.request.shown : self.request.shown + 2]

    @property
    def made_by(self) -> Relation | None:
        """Who made the introduction."""
        place = self.request.made_at_place
        return self.people[place - 1] if place and place <= len(self.people) else None


def requests_of(seat_id: UUID) -> list[Standing]:
    """What a colleague asked, the latest first; two queries."""
    found = IntroductionRequest.objects.filter(seat_id=seat_id).select_related("target")
    return _standing(list(found.order_by("-created_at", "-id")[:PAGE]))


def request_of(request_id: UUID, seat_id: UUID) -> Standing | None:
    """One of them."""
    found = IntroductionRequest.objects.filter(id=request_id, seat_id=seat_id).select_related("target")
    return next(iter(_standing(list(found))), None)


def _standing(requests: Sequence[IntroductionRequest]) -> list[Standing]:
    people: dict[UUID, list[Relation]] = {}
    steps = IntroductionStep.objects.filter(request__in=list(requests)).select_related("person")
    for one in steps.order_by("place") if requests else []:
        people.setdefault(one.request_id, []).append(one.person)
    found = [Standing(one, tuple(people.get(one.id, ()))) for one in requests]
    audit_look("relation", [one.request.target for one in found] + _everybody(found), how="list")
    return found


def _everybody(found: Iterable[Standing]) -> list[Relation]:
    return [person for one in found for person in one.people]


def turns_of(seat_id: UUID) -> list[Turn]:
    """What a colleague is asked, what waits first; one query."""
    found = Turn.objects.filter(seat_id=seat_id).select_related("target", "asker__user")
    turns = sorted(found.order_by("-asked_at", "-id")[:PAGE], key=lambda one: not one.is_open)
    audit_look("relation", [one.target for one in turns], how="list")
    return turns


def turn_of(turn_id: UUID, seat_id: UUID) -> Turn | None:
    """One of them, by its id or that of its request."""
    mine = Turn.objects.filter(seat_id=seat_id).select_related("target", "asker__user")
    found: Turn | None = mine.filter(id=turn_id).first() or mine.filter(request_id=turn_id).first()
    audit_look("relation", [found and found.target], how="list")
    return found


def refused_by(seat_id: UUID) -> list[Relation]:
    """About whom a colleague asked never to be asked."""
    ours = Relation.objects.filter(seat_id=seat_id).values("id")
    never = Refusal.objects.filter(person_id__in=ours, seat_id__isnull=True, until__isnull=True)
    found = list(Relation.objects.filter(id__in=never.values("target_id")).order_by("sort_name", "id"))
    audit_look("relation", found, how="list")
    return found


def waiting_days() -> int:
    """How many days a request waits."""
    chosen = AskingSettings.objects.values_list("days", flat=True).first()
    return chosen or USUAL_DAYS
