# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plein on a telephone without a line: what may be read there, and the notes that wait on it.

A device may keep relations at hand for a week. What it gets is read with the eyes of somebody who is in no circle but
"everyone here": nothing confidential leaves the server this way, whoever asks.
"""

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.isolation import current, default_circle_id
from plein.core.isolation.context import workspace_context
from plein.moments.actions import create_todo, record_moment, roles_of
from plein.moments.actions.participants import Part
from plein.moments.models import ToDo
from plein.moments.queries import appointments_between, timeline, todos_of_relation
from plein.moments.refusals import OutOfSight
from plein.relations.models import Favourite, Relation
from plein.relations.queries import picture_of, relation_of
from plein.trust.permissions import may
from plein.trust.seats import seat_of
from plein.web.human_dates import time_html
from plein.web.offline_days import coming_days

logger = logging.getLogger(__name__)
MOST_RELATIONS, MOST_MOMENTS = 40, 8
LONGEST_NOTE = 20_000
KINDS = ("note", "call", "visit", "todo")
GONE, WRONG, REFUSED = 410, 422, 403


def _key() -> bytes:
    """The first key this Plein ever had: a fresh one must not part people from the notes that wait on their devices."""
    return str([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]).encode()


def rights_of(request: HttpRequest) -> str:
    """Changes whenever what this person may see or do does: what a device kept under another one is forgotten."""
    seat, context = seat_of(request), current()
    said = f"{seat.user.id}|{seat.seat_id}|{seat.role}|{seat.workspace_id}|{context.circles}"
    return hmac.new(_key(), said.encode(), hashlib.sha256).hexdigest()[:24]


def person_of(request: HttpRequest) -> str:
    """Whose notes wait on a device: they are sent by nobody else, and nowhere else."""
    seat = seat_of(request)
    said = f"{seat.user.id}|{seat.workspace_id}"
    return hmac.new(_key(), said.encode(), hashlib.sha256).hexdigest()[:24]


@require_safe
def recent(request: HttpRequest) -> JsonResponse:
    """The relations at hand, as far as everyone here may see them."""
    seat = seat_of(request)
    rights = rights_of(request)
    ids = _at_hand(seat.seat_id)
    # Only for the length of this block the reader is in no other circle: row security sees to the rest.
    with workspace_context(replace(current(), circles=(default_circle_id(),))):
        found = [_relation(one) for one in ids]
    return JsonResponse({"rights": rights, "relations": [one for one in found if one is not None]})


def _at_hand(seat_id: UUID) -> list[UUID]:
    """Favourites, and whoever one meets in the days to come."""
    favourites = Favourite.objects.filter(seat_id=seat_id).order_by("-created_at", "-id")
    ids: list[UUID] = list(favourites.values_list("relation_id", flat=True)[:MOST_RELATIONS])
    start, end = coming_days()
    for one in appointments_between(seat_id, start, end).appointments:
        ids += [part.relation_id for part in one.parts if part.relation_id and not part.is_ours]
    owned = Relation.objects.filter(owner_id=seat_id).order_by("-updated_at", "id")
    ids += owned.values_list("id", flat=True)[:MOST_RELATIONS]
    return list(dict.fromkeys(ids))[:MOST_RELATIONS]


def _relation(relation_id: UUID) -> dict[str, Any] | None:
    relation = relation_of(relation_id)
    if relation is None:
        return None
    picture = picture_of(relation)
    return {
        "id": relation.id,
        "kind": relation.kind,
        "name": relation.name,
        "headline": relation.headline,
        "place": relation.place,
        "roles": [", ".join(filter(None, (role.role, role.other.name))) for role in picture.roles],
        "points": [{"words": point.words, "href": point.href} for point in picture.points],
        "moments": [
            {"when": str(time_html(one.occurred_at, "short")), "title": one.title, "text": one.text}
            for one in timeline(relation_id, limit=MOST_MOMENTS).moments
        ],
        "todos": [todo.title for todo in todos_of_relation(relation_id)],
    }


@require_POST
def note(request: HttpRequest) -> JsonResponse:
    """Take in a note that waited on a device. Its id was made there: it is recorded once, however often it comes."""
    seat = seat_of(request)
    if not may(seat, "write"):
        return _problem(_("You may no longer write here. Your text is still on this device."), REFUSED)
    try:
        moment_id, relation_id = UUID(request.POST.get("id", "")), UUID(request.POST.get("relation", ""))
    except ValueError:
        return _problem(_("This note cannot be read. Copy its text, and write it again."), WRONG)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "").replace("\x00", "").strip()
    if kind not in KINDS or not text or len(text) > LONGEST_NOTE:
        return _problem(_("This note cannot be read. Copy its text, and write it again."), WRONG)
    if not Relation.objects.filter(id=relation_id).exists():
        words = _("Whom this is about is not here any more, or not for you. Copy the text to write it elsewhere.")
        return _problem(words, GONE)
    try:
        _take_in(request, moment_id, relation_id, kind, text)
    except PermissionDenied:
        return _problem(_("You may no longer write here. Your text is still on this device."), REFUSED)
    except OutOfSight:
        logger.info("a note came again whose moment is out of its sender's sight")
    return JsonResponse({"taken": str(moment_id)})


def _take_in(request: HttpRequest, moment_id: UUID, relation_id: UUID, kind: str, text: str) -> None:
    seat = seat_of(request)
    if kind == "todo":
        if not ToDo.objects.filter(id=moment_id).exists():
            create_todo(actor=seat, title=text, relation_id=relation_id, todo_id=moment_id)
        return
    parts: Sequence[Part] = [Part(relation_id, roles_of(kind, "outbound")[0])]
    record_moment(actor=seat, kind=kind, participants=parts, text=text, moment_id=moment_id)


def _problem(words: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": words}, status=status)
