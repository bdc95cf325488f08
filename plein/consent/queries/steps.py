# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody may be asked to introduce us to somebody else."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from plein.consent.models import ConsentSettings, StepChoice
from plein.consent.queries.purposes import purpose_called
from plein.consent.queries.restricting import restricted_of
from plein.consent.queries.standing import decided, effective, state_of
from plein.consent.vocabulary import INTRODUCTIONS, NO, State, Steps
from plein.relations.models import Relation


def steps_setting() -> Steps:
    """What the company chose: objection, unless it says otherwise."""
    chosen = ConsentSettings.objects.values_list("steps", flat=True).first()
    return Steps(chosen) if chosen else Steps.OBJECTION


def is_open_to_requests(seat_id: UUID) -> bool:
    """Whether a colleague lets others ask them for introductions."""
    chosen = StepChoice.objects.filter(seat_id=seat_id).values_list("is_open", flat=True).first()
    return True if chosen is None else bool(chosen)


def may_be_asked(relation: Relation) -> bool:
    """Whether this person may be asked to introduce us to somebody they know."""
    return relation.id not in closed_to_requests([relation])


def closed_to_requests(relations: Sequence[Relation]) -> dict[UUID, str]:
    """Which of these may not be asked for introductions, and why; six queries for however many."""
    purpose = purpose_called(INTRODUCTIONS)
    mode = steps_setting()
    shut = set(StepChoice.objects.filter(is_open=False).values_list("seat_id", flat=True))
    outsiders = [one.id for one in relations if one.seat_id is None]
    decisions = decided(outsiders) if outsiders else {}
    restricted = restricted_of(outsiders) if outsiders else set()
    found = {}
    for one in relations:
        state = state_of(effective(decisions.get(one.id, []), purpose.id)) if purpose else State.NEVER
        if one.id in restricted:
            found[one.id] = _("%(name)s asked us not to use their data for now.") % {"name": one.name}
        elif words := _why_not(one, state, mode, shut):
            found[one.id] = words
    return found


def _why_not(relation: Relation, state: State, mode: Steps, shut: set[UUID]) -> str:
    facts = {"name": relation.name}
    if not relation.is_person:
        return _("%(name)s is not a person.") % facts
    if relation.do_not_contact:
        return _("%(name)s is not to be contacted.") % facts
    if relation.seat_id is not None:
        return _("%(name)s asked to be left out of introductions.") % facts if relation.seat_id in shut else ""
    if state in NO:
        return _("%(name)s does not want to be asked for introductions.") % facts
    if mode == Steps.CONSENT and state != State.GIVEN:
        return _("%(name)s has not said yes to being asked for introductions.") % facts
    return ""
