# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job of the night: how everybody stands in the network that everyone here sees."""

from contextlib import suppress

from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.network.actions import measure_influence
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered


@app.periodic(cron="50 3 * * *")
@app.task(name="network.measure_influence", queueing_lock="measure_influence", pass_context=False)
def measure_each_night(timestamp: int) -> None:
    """Each night, in every workspace, as one of its owners: what is measured is what everyone there sees."""
    del timestamp
    refresh_connection()
    owners = {
        seat.workspace_id: seat.user
        for seat in every_seat()
        if seat.is_active and seat.user.is_active and seat.role == Role.OWNER
    }
    for workspace, owner in owners.items():
        with suppress(NoSeat), entered(owner, workspace, door="worker") as actor:
            measure_influence(actor=actor)
