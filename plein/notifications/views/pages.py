# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.toasts import toast_later, toast_now
from plein.notifications import actions
from plein.notifications.queries.lines import Cursor, Line, lines_of, mine, page_of_lines
from plein.notifications.queries.preferences import preference_of
from plein.notifications.wording import shown
from plein.trust.answers import Request, page

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@require_safe
def notification_list(request: Request) -> HttpResponse:
    """What concerns the reader, the newest first."""
    seat = request.seat.seat_id
    unread_only = request.GET.get("show") == "unread"
    after = Cursor.read(request.GET.get("after", ""))
    preference = preference_of(seat)
    lines, following = page_of_lines(seat, preference, unread_only=unread_only, after=after)
    base = reverse("notifications:list")
    kept = {"show": "unread"} if unread_only else {}
    context: dict[str, Any] = {
        "days": _days(lines),
        "views": [(_("All"), base, not unread_only), (_("Unread"), f"{base}?show=unread", unread_only)],
        "unread_only": unread_only,
        "has_unread": any(line.is_unread for line in lines),
        "is_first": after is None,
        "is_paused": preference.is_paused,
        "more_url": f"{base}?{urlencode(kept | {'after': str(following)})}" if following else "",
    }
    return page(request, "notifications/list.html", context, part="rows" if after else "")


def _days(lines: list[Line]) -> list[dict[str, Any]]:
    days = groupby(lines, key=lambda line: timezone.localtime(line.rows[0].line_at).date())
    return [{"on": day, "lines": [shown(line) for line in group]} for day, group in days]


@require_POST
def read(request: Request, line: UUID) -> HttpResponseBase:
    """One line was read, or not after all."""
    lines = lines_of(mine(request.seat.seat_id, preference_of(request.seat.seat_id)), [line])
    if not lines:
        raise Http404
    wants_read = request.POST.get("read", "1") == "1"
    if wants_read:
        actions.mark_read(actor=request.seat, lines=[line])
    else:
        actions.mark_unread(actor=request.seat, lines=[line])
    if not request.htmx:
        return HttpResponseRedirect(reverse("notifications:list"))
    again = lines_of(mine(request.seat.seat_id, preference_of(request.seat.seat_id)), [line])
    return page(request, "notifications/list.html", {"line": shown(again[0])}, part="line")


@require_POST
def read_all(request: Request) -> HttpResponseBase:
    """Everything was read; the toast turns it back."""
    moment = actions.mark_read(actor=request.seat)
    words = _("All read.") if moment else _("There was nothing unread.")
    undo = reverse("notifications:unread", args=[(moment - EPOCH) // MICROSECOND]) if moment else ""
    if request.htmx:
        response = HttpResponse(status=204)
        return toast_now(response, words, undo_url=undo)
    toast_later(request, words, undo_url=undo)
    return HttpResponseRedirect(reverse("notifications:list"))


@require_POST
def unread(request: Request, microseconds: int) -> HttpResponse:
    """What was marked as read at one moment is unread again."""
    if microseconds >= 10**17 or not actions.mark_unread(
        actor=request.seat, read_at=EPOCH + timedelta(microseconds=microseconds)
    ):
        raise Http404
    return HttpResponse(status=204)


@require_safe
def words(request: Request, line: UUID) -> JsonResponse:
    """The words of one line, for the script that a push message woke."""
    found = lines_of(mine(request.seat.seat_id, preference_of(request.seat.seat_id), "push"), [line])
    if not found or not found[0].is_unread:
        raise Http404
    one = shown(found[0])
    return JsonResponse({"title": one.sentence, "body": one.excerpt, "href": one.href, "line": str(one.id)})
