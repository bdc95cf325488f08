# SPDX-License-Identifier: AGPL-3.0-or-later
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from plein.notifications.stream.body import said
from plein.notifications.stream.hub import Stream, hub
from plein.notifications.stream.passes import Pass


def answer(holder: Pass, last_event_id: str, *, is_asked_for: bool = True) -> HttpResponseBase:
    """The open answer itself; no proxy may hold it back. Who asks for its head only gets nothing that stays open."""
    if hub.is_full:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    kind = "text/event-stream"
    if is_asked_for:
        response: HttpResponseBase = StreamingHttpResponse(said(Stream(holder), last_event_id), content_type=kind)
    else:
        response = HttpResponse(content_type=kind)
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Cache-Control"] = "no-store, no-transform"
    return response
