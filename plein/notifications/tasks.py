# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs that tell colleagues what concerns them. A job carries ids only and enters as each of them in turn."""

import logging
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.channels.events import ConnectionStopped
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import new_id, now
from plein.core.isolation import current, no_workspace, seat_id
from plein.moments.events import ColleaguesMentioned, MomentRecorded, ReminderDue, ToDoAssigned
from plein.notifications import actions, digest, push
from plein.notifications.events import Told as Told
from plein.notifications.queries.preferences import next_digest, preference_of, wants
from plein.notifications.vocabulary import Channel, Kind, What
from plein.relations.events import JobChanged as JobChanged
from plein.relations.events import RelationAssigned as RelationAssigned
from plein.relations.models import Follow
from plein.trust.models import Seat, User
from plein.trust.seats import NoSeat, entered, user_of_job
from plein.trust.zones import zone_of

logger = logging.getLogger(__name__)
#: A queue of its own, which the worker keeps a place free for: an import that takes hours holds nobody up.
QUEUE = "notifications"
#: A worker that was not heard for this long is gone.
SILENT_SECONDS = 10
PATIENT = RetryStrategy(max_attempts=20, wait=2, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
ONCE_MORE = RetryStrategy(max_attempts=8, wait=60, exponential_wait=3)


class LostMail(Protocol):
    """What the outbox tells of a mail that did not leave, or perhaps did."""

    @property
    def mail_id(self) -> UUID: ...
    @property
    def moment_id(self) -> UUID | None: ...
    @property
    def seat_id(self) -> UUID: ...


class GivenMessage(Protocol):
    """What the inbox tells of a message that was given to a colleague."""

    @property
    def moment_id(self) -> UUID: ...
    @property
    def seat_id(self) -> UUID: ...


class NotTaken(RuntimeError):
    """The mail server did not take a mail just now; the job is tried again."""


@app.task(name="notifications.tell", queue=QUEUE, retry=PATIENT)
def tell(*, workspace: int, user: str, news: dict[str, Any], seats: list[str] | None) -> None:
    """Tell each of these colleagues, or without a list everybody who follows the relations it is about."""
    refresh_connection()
    told = _news(news)
    for someone in _people(workspace, user, told, seats):
        try:
            with entered(someone, workspace, door="worker") as actor:
                actions.tell(actor=actor, news=told)
        except NoSeat:
            logger.info("somebody who may not come in is not told")


@app.task(name="notifications.push", queue=QUEUE, retry=ONCE_MORE)
def send_push(*, workspace: int, user: str, notification: str) -> None:
    """Wake the devices of one colleague, or wait until their quiet hours are over."""
    refresh_connection()
    try:
        later = push.send(user_of_job(user), workspace, UUID(notification))
    except NoSeat:
        return
    if later is not None:
        with no_workspace("wait for the end of quiet hours"):
            job = send_push.configure(schedule_at=later)
            job.defer(workspace=workspace, user=user, notification=notification)


@app.task(name="notifications.digest", queue=QUEUE, retry=ONCE_MORE)
def send_digest(*, workspace: int, user: str) -> None:
    """Post one colleague what they have not read, as far as they may still see it."""
    refresh_connection()
    reader = user_of_job(user)
    try:
        with entered(reader, workspace, door="worker") as actor:
            prepared = digest.prepare(actor)
        if prepared is not None and not digest.hand_over(prepared):
            with entered(reader, workspace, door="worker") as actor:
                digest.take_back(actor, prepared.noted_at)
            raise NotTaken
    except NoSeat:
        logger.info("somebody who may not come in gets no mail")


@app.periodic(cron="* * * * * */10")
@app.task(name="notifications.revive", queue=QUEUE, queueing_lock="revive_notifications", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another one; telling twice tells once."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT_SECONDS):
        logger.warning("job %s of a worker that is gone is tried again", job.id)
        await manager.retry_job(job)


def tell_mentioned(event: ColleaguesMentioned) -> None:
    """React to colleagues being named."""
    about = event.moment_id or event.todo_id
    if about is not None:
        seats, moment, todo = event.seat_ids, event.moment_id, event.todo_id
        _enqueue(Kind.MENTION, "named", about, seats=seats, moment_id=moment, todo_id=todo)


def tell_assigned(event: ToDoAssigned) -> None:
    """React to a to-do on the list of another colleague."""
    _enqueue(Kind.ASSIGNED, "todo", event.todo_id, seats=[event.seat_id], todo_id=event.todo_id)


def tell_given_message(event: GivenMessage) -> None:
    """React to a message that was given to a colleague."""
    _enqueue(Kind.ASSIGNED, "message", event.moment_id, seats=[event.seat_id], moment_id=event.moment_id)


def tell_given(event: RelationAssigned) -> None:
    """React to relations that got another owner: the owner hears of it, and who follows them."""
    several = len(event.relation_ids) > 1
    if event.owner_id is not None and event.owner_id != current().seat_id:
        what: What = "relations" if several else "relation"
        _enqueue(Kind.ASSIGNED, what, event.relation_ids[0], seats=[event.owner_id], relation_ids=event.relation_ids)
    for relation in sorted(_followed_by_others(event.relation_ids)):
        _enqueue(Kind.FOLLOWED, "owner", relation, relation_ids=[relation])


def tell_of_job(event: JobChanged) -> None:
    """React to somebody's role that changed: who follows the person or the organization hears of it."""
    _tell_followers("job", event.person_id, [event.person_id, event.organization_id])


def tell_of_moment(event: MomentRecorded) -> None:
    """React to a moment: who follows a relation that took part hears of it."""
    _tell_followers("moment", event.moment_id, event.relation_ids, moment_id=event.moment_id)


def tell_reminded(event: ReminderDue) -> None:
    """React to the time of a reminder: it is told to the one who asked for it."""
    what: What = "todo" if event.kind == "todo" else "appointment"
    todo, moment = (event.id, None) if event.kind == "todo" else (None, event.id)
    _enqueue(Kind.REMINDER, what, event.id, seats=[event.seat_id], by_nobody=True, todo_id=todo, moment_id=moment)


def tell_of_refused_mail(event: LostMail) -> None:
    """React to a mail that will not leave: its writer hears of it."""
    _tell_writer("refused", event)


def tell_of_uncertain_mail(event: LostMail) -> None:
    """React to a mail of which nobody can know whether it left: its writer is to decide."""
    _tell_writer("uncertain", event)


def tell_of_stopped_connection(event: ConnectionStopped) -> None:
    """React to a connection that cannot go on: whose it is hears of it."""
    _enqueue(Kind.CONNECTION, "connection", event.connection_id, seats=[event.seat_id], by_nobody=True)


def _tell_writer(what: What, event: LostMail) -> None:
    if event.moment_id is not None:
        _enqueue(Kind.MAIL, what, event.mail_id, seats=[event.seat_id], by_nobody=True, moment_id=event.moment_id)


def follow_up(event: Told) -> None:
    """React to something that was told: devices and mail follow, if the colleague wants them for this kind."""
    preference = preference_of(seat_id())
    if preference.is_paused:
        return
    if wants(preference, event.kind, Channel.PUSH) and push.has_devices(seat_id()):
        send_push.defer(notification=str(event.notification_id), **job_context())
    if wants(preference, event.kind, Channel.MAIL):
        plan_digest()


def plan_digest() -> None:
    """Plan the next mail of the reader; one that is planned already is enough."""
    seat = Seat.objects.select_related("user").get(id=seat_id())
    due = next_digest(preference_of(seat.id), zone_of(seat.user), now())
    job = send_digest.configure(schedule_at=due, queueing_lock=f"digest {seat.id}")
    try:
        with transaction.atomic():
            job.defer(**job_context())
    except AlreadyEnqueued:
        logger.debug("a mail for this colleague is planned already")


def _tell_followers(what: What, about: UUID, relations: Iterable[UUID], moment_id: UUID | None = None) -> None:
    ids = list(relations)
    if _followed_by_others(ids):
        _enqueue(Kind.FOLLOWED, what, about, relation_ids=ids, moment_id=moment_id)


def _followed_by_others(relations: Iterable[UUID]) -> set[UUID]:
    """Which of these relations somebody else than the one who acts follows."""
    actor = current().seat_id
    follows = Follow.objects.filter(relation_id__in=list(relations)).values_list("relation_id", "seat_id")
    return {relation for relation, seat in follows if seat != actor}


def _enqueue(
    kind: Kind, what: What, about: UUID, *, seats: Iterable[UUID] | None = None, by_nobody: bool = False, **facts: Any
) -> None:
    """Put the telling into the queue, in the transaction of the act."""
    context = current()
    news = {
        "kind": str(kind),
        "what": what,
        "act": str(context.operation_id or new_id()),
        "about": str(about),
        "by": None if by_nobody or context.seat_id is None else str(context.seat_id),
        "relation_ids": [str(one) for one in facts.get("relation_ids", ())],
        "moment_id": _text(facts.get("moment_id")),
        "todo_id": _text(facts.get("todo_id")),
    }
    tell.defer(news=news, seats=None if seats is None else [str(one) for one in seats], **job_context())


def _text(one: UUID | None) -> str | None:
    return None if one is None else str(one)


def _news(facts: dict[str, Any]) -> actions.News:
    def known(name: str) -> UUID | None:
        return UUID(facts[name]) if facts[name] else None

    return actions.News(
        kind=Kind(facts["kind"]),
        what=facts["what"],
        act=UUID(facts["act"]),
        about=UUID(facts["about"]),
        by=known("by"),
        relation_ids=tuple(UUID(one) for one in facts["relation_ids"]),
        moment_id=known("moment_id"),
        todo_id=known("todo_id"),
    )


def _people(workspace: int, user: str, news: actions.News, seats: list[str] | None) -> list[User]:
    """Whom to tell, as the one who acted sees it: those named, or those who follow."""
    try:
        with entered(user_of_job(user), workspace, door="worker"):
            if seats is None:
                follows = Follow.objects.filter(relation_id__in=news.relation_ids)
                wanted = set(follows.values_list("seat_id", flat=True))
            else:
                wanted = {UUID(one) for one in seats}
            found = Seat.objects.filter(id__in=wanted - {news.by}, is_active=True).select_related("user").order_by("id")
            return [seat.user for seat in found]
    except NoSeat:
        return []
