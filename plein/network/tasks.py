# SPDX-License-Identifier: AGPL-3.0-or-later
"""Jobs of the network: how everybody stands in what everyone here sees, each night, and snapshots in between."""

from contextlib import suppress

from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.network.actions import keep_snapshot, measure_influence
from plein.trust.models import Role, User
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered


@app.periodic(cron="50 3 * * *")
@app.task(name="network.measure_influence", queueing_lock="measure_influence", pass_context=False)
def measure_each_night(timestamp: int) -> None:
    """Each night, in every workspace, as one of its owners: what is measured is what everyone there sees."""
    del timestamp
    refresh_connection()
    for workspace, owner in _owners().items():
        with suppress(NoSeat), entered(owner, workspace, door="worker") as actor:
            measure_influence(actor=actor)


@app.periodic(cron="*/10 * * * *")
@app.task(name="network.keep_snapshots", queueing_lock="keep_snapshots", pass_context=False)
def keep_snapshots(timestamp: int) -> None:
    """Make a snapshot wherever one is wanted, as one of the owners: only what everyone there sees is in it."""
    del timestamp
    refresh_connection()
    for workspace, owner in _owners().items():
        with suppress(NoSeat), entered(owner, workspace, door="worker") as actor:
            keep_snapshot(actor=actor)


def _owners() -> dict[int, User]:
    """An owner of each workspace."""
    return {
        seat.workspace_id: seat.user
        for seat in every_seat()
        if seat.is_active and seat.user.is_active and seat.role == Role.OWNER
    }
