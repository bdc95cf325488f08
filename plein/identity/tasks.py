# SPDX-License-Identifier: AGPL-3.0-or-later
"""Jobs of recognising people: how common names are, counted each night."""

from contextlib import suppress

from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.identity.actions import measure_names
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered


@app.periodic(cron="20 3 * * *")
@app.task(name="identity.measure_names", queueing_lock="measure_names", pass_context=False)
def measure_each_night(timestamp: int) -> None:
    """In every workspace, as one of its owners: what is counted is what everyone there sees."""
    del timestamp
    refresh_connection()
    owners = {
        seat.workspace_id: seat.user
        for seat in every_seat()
        if seat.is_active and seat.user.is_active and seat.role == Role.OWNER
    }
    for workspace, owner in owners.items():
        with suppress(NoSeat), entered(owner, workspace, door="worker") as actor:
            measure_names(actor=actor)
