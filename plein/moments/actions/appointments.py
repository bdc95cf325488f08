# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from plein.core.events import publish
from plein.core.operations import operation, save_edit
from plein.moments.actions.files import IncomingFile
from plein.moments.actions.participants import Part
from plein.moments.actions.recording import record_moment
from plein.moments.events import AppointmentChanged, AppointmentPlanned
from plein.moments.models import Moment, MomentText
from plein.moments.vocabulary import MomentKind, State
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

AN_HOUR = timedelta(hours=1)


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
    circle: str = "everyone",
    files: Iterable[IncomingFile] = (),
    mentions: Iterable[UUID] = (),
) -> Moment:
    """Plan a visit, a meeting or a call. The same row becomes the moment that took place."""
    permit(actor, "write")
    with operation("plan_appointment", kind=kind):
        moment = record_moment(
            actor=actor,
            kind=kind,
            participants=participants,
            occurred_at=occurred_at,
            ends_at=ends_at or occurred_at + AN_HOUR,
            subject=subject,
            location=location,
            text=text,
            purpose=purpose,
            circle=circle,
            files=files,
            mentions=mentions,
            state=State.PLANNED,
        )
        publish(AppointmentPlanned(moment.id))
    return moment


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


def cancel_appointment(*, actor: Entrance, moment: Moment, based_on: int) -> Moment:
    """Say that an appointment does not take place; it stays on the timeline as cancelled."""
    permit(actor, "write")
    with operation("cancel_appointment"):
        saved = save_edit(moment, {"state": State.CANCELLED}, based_on=based_on)
        publish(AppointmentChanged(moment.id))
    return saved
