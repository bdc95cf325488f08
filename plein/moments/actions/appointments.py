# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from plein.core.events import publish
from plein.core.models import Operation
from plein.core.operations import EditConflict, operation, save_edit
from plein.moments.actions.editing import edit_moment
from plein.moments.actions.files import IncomingFile
from plein.moments.actions.participants import Part, set_participants
from plein.moments.actions.recording import record_moment
from plein.moments.actions.replanning import replan
from plein.moments.actions.series import begin_series, clear_rows, end_series, first_slot, later_rows, planning_of
from plein.moments.events import AppointmentChanged, AppointmentPlanned, GuestsWanted
from plein.moments.models import Guest, Moment, MomentText, Planning
from plein.moments.repeats import read_rule
from plein.moments.vocabulary import MomentKind, State
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

AN_HOUR = timedelta(hours=1)
type Scope = Literal["one", "following", "all"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How an appointment is planned: how many minutes before it reminds its colleagues, by which rule it repeats."""

    remind_before: int | None = None
    repeat: str = ""


def plan_appointment(
    *,
    actor: Entrance,
    occurred_at: datetime,
    participants: Sequence[Part],
    kind: str = MomentKind.MEETING,
    ends_at: datetime | None = None,
    subject: str = "",
    location: str = "",
    text: str = "",
    purpose: str = "",
    circle: str = "",
    files: Iterable[IncomingFile] = (),
    mentions: Iterable[UUID] = (),
    is_all_day: bool = False,
    plan: Plan | None = None,
) -> Moment:
    """Plan a visit, a meeting or a call. The same row becomes the moment that took place.

    Raises BadRule when it is to repeat by a rule that cannot be followed.
    """
    permit(actor, "write")
    plan = plan or Plan()
    with operation("plan_appointment", kind=kind):
        moment = record_moment(
            actor=actor,
            kind=kind,
            participants=participants,
            occurred_at=occurred_at,
            ends_at=ends_at or (occurred_at if is_all_day else occurred_at + AN_HOUR),
            is_all_day=is_all_day,
            subject=subject,
            location=location,
            text=text,
            purpose=purpose,
            circle=circle,
            files=files,
            mentions=mentions,
            state=State.PLANNED,
        )
        if plan.remind_before is not None:
            Planning.objects.create(moment=moment, circle_id=moment.circle_id, remind_before=plan.remind_before)
        if plan.repeat:
            begin_series(actor, moment, read_rule(plan.repeat), zone_of(actor.user))
        publish(AppointmentPlanned(moment.id))
    return moment


def change_appointment(
    *,
    actor: Entrance,
    moment: Moment,
    changes: dict[str, Any],
    based_on: int,
    scope: Scope = "one",
    participants: Sequence[UUID] | None = None,
    plan: Plan | None = None,
) -> Moment:
    """Change or move an appointment: only this one, this one and those that follow, or all that are still planned.

    `changes` are fields that `edit_moment` knows, `participants` relations. Raises EditConflict when somebody was first
    at this appointment, BadRule when the series cannot be moved or repeated as asked.
    """
    permit(actor, "write")
    with operation("change_appointment"):
        saved = edit_moment(actor=actor, moment=moment, changes=changes, based_on=based_on)
        if participants is not None:
            set_participants(saved, participants)
        planning = planning_of(saved)
        if plan is not None:
            planning = _remind(saved, planning, plan.remind_before)
        if planning is None or planning.series is None:
            if plan is not None and plan.repeat:
                begin_series(actor, saved, read_rule(plan.repeat), zone_of(actor.user))
        elif scope == "one":
            Planning.objects.filter(id=planning.id).update(is_own=True)
        else:
            text = planning.series.rule if plan is None else plan.repeat
            rule = read_rule(text) if text else None
            replan(
                actor,
                saved,
                planning,
                scope=scope,
                changes=changes,
                rule=rule,
                with_participants=participants is not None,
            )
    return Moment.objects.get(id=moment.id)


def _remind(moment: Moment, planning: Planning | None, minutes: int | None) -> Planning | None:
    if planning is None:
        if minutes is None:
            return None
        return Planning.objects.create(moment=moment, circle_id=moment.circle_id, remind_before=minutes)
    if planning.remind_before != minutes:
        Planning.objects.filter(id=planning.id).update(remind_before=minutes)
        planning.remind_before = minutes
    return planning


def complete_appointment(
    *, actor: Entrance, moment: Moment, based_on: int, outcome: str = "", follow_up: str = "", means_needed: str = ""
) -> Moment:
    """Say that an appointment took place, and what came of it."""
    permit(actor, "write")
    with operation("complete_appointment"):
        saved = save_edit(moment, {"state": State.DONE}, based_on=based_on)
        said = {"outcome": outcome[:500], "follow_up": follow_up[:500], "means_needed": means_needed[:500]}
        said = {name: value for name, value in said.items() if value}
        if said and not MomentText.objects.filter(moment=moment).update(**said):
            MomentText.objects.create(moment=moment, **said)
        publish(AppointmentChanged(moment.id))
    return saved


def cancel_series(*, actor: Entrance, moment: Moment, based_on: int, scope: Scope) -> Operation:
    """Call off an appointment and those that follow it, or all that are still planned: they leave the agenda.

    Raises EditConflict when somebody was first at this one.
    """
    permit(actor, "delete")
    with operation("cancel_series") as calling_off:
        planning = planning_of(moment)
        if planning is None or planning.series is None or scope == "one":
            save_edit(moment, {"state": State.CANCELLED}, based_on=based_on)
            return calling_off
        latest = Moment.objects.select_for_update().get(id=moment.id)
        if latest.version != based_on:
            raise EditConflict(latest, {"state": State.CANCELLED})
        since = first_slot(planning, scope)
        rows = later_rows(planning.series, since)
        if Guest.objects.filter(series=planning.series, is_called_off=False).exists():
            # The guests are told from here, so this one stays, as cancelled.
            clear_rows(rows, keep=moment.id)
            save_edit(moment, {"state": State.CANCELLED}, based_on=based_on)
        else:
            clear_rows(rows)
            Moment.objects.filter(id=moment.id).delete()
        end_series(planning.series, since)
    return calling_off


def cancel_appointment(*, actor: Entrance, moment: Moment, based_on: int) -> Moment:
    """Say that an appointment does not take place; it stays on the timeline as cancelled."""
    permit(actor, "write")
    with operation("cancel_appointment"):
        saved = save_edit(moment, {"state": State.CANCELLED}, based_on=based_on)
        publish(AppointmentChanged(moment.id))
    return saved


def want_guests(*, actor: Entrance, moment: Moment) -> None:
    """Have whoever takes part in an appointment invited by mail, and whoever was invited told how it is by now."""
    permit(actor, "write")
    publish(GuestsWanted(actor, moment.id))
