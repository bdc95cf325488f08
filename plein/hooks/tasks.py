# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of hooks. A job carries ids only, and enters as whoever looks after the hook."""

import logging
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.hooks.actions import clear_settled
from plein.hooks.events import CallRings, DeliveryTaken, OutHookStopped, TellingWanted
from plein.hooks.handling import Handling
from plein.hooks.letters import stopped_letter
from plein.hooks.models import HookAddress, OutHook
from plein.hooks.queries import open_out_hooks
from plein.hooks.telling import Teller
from plein.trust import letters
from plein.trust.permissions import may
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = [
    "CallRings",
    "DeliveryTaken",
    "OutHookStopped",
    "TellingWanted",
    "clear_old",
    "enqueue_handling",
    "enqueue_stopped",
    "enqueue_telling",
    "handle_deliveries",
    "handle_left",
    "tell_owner",
    "tell_program",
    "tell_programs",
]
logger = logging.getLogger(__name__)
QUEUE = "hooks"
PATIENT = RetryStrategy(max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: In a stream of calls this process sends for somebody no more often than so, in seconds.
AGAIN = 0.25
#: Hooks that took something in since then are looked at once more, for calls that nobody was sent for.
LATELY = timedelta(minutes=10)
MOST_KNOWN = 10_000
_sent: dict[UUID, float] = {}


@app.task(name="hooks.handle_deliveries", queue=QUEUE, retry=PATIENT, pass_context=True)
def handle_deliveries(context: JobContext, *, workspace: int, user: str, hook: str) -> None:
    """Take in what a hook was told."""
    refresh_connection()
    with suppress(NoSeat):
        Handling(user_of_job(user), workspace, UUID(hook), should_stop=context.should_abort).run()


@app.periodic(cron="* * * * * */10")
@app.task(name="hooks.handle_left", queueing_lock="handle_left", pass_context=False)
def handle_left(timestamp: int) -> None:
    """Every ten seconds: send somebody for what came while somebody was on the way already."""
    del timestamp
    refresh_connection()
    with no_workspace("which hooks were called"):
        lately = list(
            HookAddress.objects.filter(taken_at__gt=now() - LATELY).values_list("hook_id", "into_workspace", "user_id")
        )
        for hook, workspace, user in lately:
            _enqueue(hook, workspace=workspace, user=str(user))


def enqueue_handling(event: DeliveryTaken) -> None:
    """React to a call."""
    at = monotonic()
    if at - _sent.get(event.hook_id, 0.0) < AGAIN:
        return
    if len(_sent) >= MOST_KNOWN:
        _sent.clear()
    _sent[event.hook_id] = at
    _enqueue(event.hook_id, **job_context())


def _enqueue(hook: UUID, **whose: Any) -> None:
    job = handle_deliveries.configure(queueing_lock=f"hook {hook}", lock=f"hook {hook}")
    # The savepoint: somebody on the way already must not undo what the caller wrote.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(hook=str(hook), **whose)


@app.task(name="hooks.tell_program", queue=QUEUE, retry=PATIENT, pass_context=True)
def tell_program(context: JobContext, *, workspace: int, user: str, hook: str) -> None:
    """Tell a program what happened since the last time."""
    refresh_connection()
    with suppress(NoSeat):
        Teller(user_of_job(user), workspace, UUID(hook), should_stop=context.should_abort).run()


@app.periodic(cron="* * * * * */5")
@app.task(name="hooks.tell_programs", queueing_lock="tell_programs", pass_context=False)
def tell_programs(timestamp: int) -> None:
    """Every five seconds: send somebody to each program that may be told something."""
    del timestamp
    refresh_connection()
    for workspace, user, hook in open_out_hooks():
        with no_workspace("which programs are told"):
            _enqueue_telling(hook, workspace=workspace, user=str(user))


@app.periodic(cron="25 3 * * *")
@app.task(name="hooks.clear_old", queueing_lock="clear_old_calls", pass_context=False)
def clear_old(timestamp: int) -> None:
    """Each night: let go of calls and messages that were settled long ago, as everybody who looks after some."""
    del timestamp
    refresh_connection()
    for seat in every_seat():
        if seat.is_active and seat.user.is_active:
            with suppress(NoSeat), entered(seat.user, seat.workspace_id, door="worker") as actor:
                if may(actor, "manage"):
                    clear_settled(actor=actor)


@app.task(name="hooks.tell_owner", retry=PATIENT)
def tell_owner(*, workspace: int, user: str, hook: str) -> None:
    """Write to whoever looks after a program that it is told no more."""
    refresh_connection()
    owner = user_of_job(user)
    with suppress(NoSeat), entered(owner, workspace, door="worker"):
        found = OutHook.objects.filter(id=UUID(hook)).first()
        if found is not None:
            letters.send(stopped_letter(owner, found))


def enqueue_telling(event: TellingWanted) -> None:
    """React to a program that is to be told at once."""
    _enqueue_telling(event.hook_id, **job_context())


def enqueue_stopped(event: OutHookStopped) -> None:
    """React to a program that is told no more."""
    tell_owner.defer(hook=str(event.hook_id), **job_context())


def _enqueue_telling(hook: UUID, **whose: Any) -> None:
    job = tell_program.configure(queueing_lock=f"tell {hook}", lock=f"tell {hook}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(hook=str(hook), **whose)
