# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling a colleague something, once. It runs as that colleague: what they may not see cannot be told to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from plein.channels.models import Connection, ConnectionState
from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.moments.models import Moment, MomentText, ToDo
from plein.notifications.events import Told
from plein.notifications.models import Notification
from plein.notifications.queries.preferences import is_wanted, preference_of
from plein.notifications.vocabulary import STRENGTH, Kind, What
from plein.relations.models import Follow, Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Changes of one relation within this time are one line.
GATHERING = timedelta(minutes=5)
#: What was read, and is older than this, is cleared away.
KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class News:
    """Something that may concern colleagues, as a job carries it: ids and nothing else.

    `about` tells apart what one act did; with the act and the colleague it is what is told once.
    """

    kind: Kind
    what: What
    act: UUID
    about: UUID
    by: UUID | None = None
    relation_ids: tuple[UUID, ...] = ()
    moment_id: UUID | None = None
    todo_id: UUID | None = None


def tell(*, actor: Entrance, news: News) -> Notification | None:
    """Tell the actor; None when it is their own act, is not for them to see or to hear, or was told before."""
    permit(actor, "read")
    if news.by == actor.seat_id or not is_wanted(preference_of(actor.seat_id), news.kind):
        return None
    seen = _seen(actor.seat_id, news)
    if seen is None:
        return None
    with transaction.atomic():
        _one_at_a_time(actor.seat_id)
        known = Notification.objects.filter(seat_id=actor.seat_id, act=news.act, about=news.about).first()
        if known is not None:
            _strengthen(known, news, seen)
            return None
        line, line_at = _line(actor.seat_id, news, seen)
        told = Notification.objects.create(
            seat_id=actor.seat_id,
            kind=news.kind,
            what=news.what,
            act=news.act,
            about=news.about,
            by_id=news.by,
            line=line,
            line_at=line_at,
            **seen,
        )
        _clear_away(actor.seat_id)
        publish(Told(told.id, told.kind))
    return told


def _one_at_a_time(seat: UUID) -> None:
    """Two jobs that tell one colleague something wait for each other, so that lines are gathered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notifications {seat}"])


def _seen(seat: UUID, news: News) -> dict[str, Any] | None:
    """What a notification is about, as far as the colleague may see it; None when there is nothing for them."""
    finders = {
        "named": _named,
        "todo": _todo,
        "appointment": _moment,
        "refused": _moment,
        "uncertain": _moment,
        "relation": _given,
        "relations": _given,
        "moment": _followed,
        "owner": _followed,
        "job": _followed,
        "introduction": _introduction,
        "answer": _moment,
        "message": _moment,
        "connection": _connection,
    }
    return finders[news.what](seat, news)


def _named(seat: UUID, news: News) -> dict[str, Any] | None:
    if news.todo_id is not None:
        is_there = ToDo.objects.filter(id=news.todo_id, mentions__contains=[seat]).exists()
        return {"todo_id": news.todo_id} if is_there else None
    if news.moment_id is None:
        return None
    text = MomentText.objects.filter(moment_id=news.moment_id, mentions__contains=[seat]).order_by("id").first()
    return {"moment_id": text.moment_id, "text_id": text.id} if text is not None else None


def _todo(seat: UUID, news: News) -> dict[str, Any] | None:
    if news.todo_id is None:
        return None
    is_theirs = ToDo.objects.filter(id=news.todo_id, assignee_id=seat, done_at__isnull=True).exists()
    return {"todo_id": news.todo_id} if is_theirs else None


def _moment(seat: UUID, news: News) -> dict[str, Any] | None:
    if news.moment_id is None or not Moment.objects.filter(id=news.moment_id).exists():
        return None
    return {"moment_id": news.moment_id}


def _connection(seat: UUID, news: News) -> dict[str, Any] | None:
    """An account of theirs that still cannot be heard; nothing else of it is kept here."""
    stopped = Connection.objects.filter(id=news.about, seat_id=seat, state=ConnectionState.STOPPED)
    return {} if stopped.exists() else None


def _given(seat: UUID, news: News) -> dict[str, Any] | None:
    given = list(Relation.objects.filter(id__in=news.relation_ids, owner_id=seat).values_list("id", flat=True))
    if len(given) > 1:
        return {"count": len(given)}
    return {"relation_id": given[0]} if given else None


def _introduction(seat: UUID, news: News) -> dict[str, Any] | None:
    """To whom somebody asked to be introduced."""
    del seat
    target = Relation.objects.filter(id__in=news.relation_ids).values_list("id", flat=True).first()
    return {"relation_id": target} if target is not None else None


def _followed(seat: UUID, news: News) -> dict[str, Any] | None:
    follow = Follow.objects.filter(seat_id=seat, relation_id__in=news.relation_ids).order_by("id").first()
    if follow is None or not Relation.objects.filter(id=follow.relation_id).exists():
        return None
    if news.moment_id is None:
        return {"relation_id": follow.relation_id}
    is_there = Moment.objects.filter(id=news.moment_id).exists()
    return {"relation_id": follow.relation_id, "moment_id": news.moment_id} if is_there else None


def _strengthen(known: Notification, news: News, seen: dict[str, Any]) -> None:
    """One act concerns somebody twice: the stronger reason is the one that is told."""
    if STRENGTH.index(news.kind) < STRENGTH.index(Kind(known.kind)):
        nothing = {"relation_id": None, "moment_id": None, "text_id": None, "todo_id": None, "count": 1}
        Notification.objects.filter(id=known.id).update(kind=news.kind, what=news.what, **nothing | seen)
        publish(Told(known.id, news.kind))


def _line(seat: UUID, news: News, seen: dict[str, Any]) -> tuple[UUID, datetime]:
    """The line it joins: that of the same act, or of other news of a relation a moment ago; else a line of its own."""
    mine = Notification.objects.filter(seat_id=seat)
    joined = mine.filter(act=news.act).order_by("at").first()
    if joined is None and news.kind == Kind.FOLLOWED and "relation_id" in seen:
        joined = (
            mine.filter(relation_id=seen["relation_id"], kind=Kind.FOLLOWED, line_at__gt=now() - GATHERING)
            .filter(read_at__isnull=True, mailed_at__isnull=True)
            .order_by("-at")
            .first()
        )
    return (joined.line, joined.line_at) if joined is not None else (new_id(), now())


def _clear_away(seat: UUID) -> None:
    Notification.objects.filter(seat_id=seat, line_at__lt=now() - KEPT, read_at__isnull=False).delete()
