# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees a record, and why; and the one door by which anything moves to another circle."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.toasts import toast_later
from plein.trust.actions import Moved, change_default_audience, place
from plein.trust.circles import UnknownCircle, default_audience
from plein.trust.forms import DefaultAudienceForm, PlaceForm
from plein.trust.permissions import may, permit
from plein.trust.placed import Placed, key_of, look_at, mark_of, placed_of, preview
from plein.trust.readers import readers_of
from plein.trust.seats import seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page

CONFLICT = 409


def found_placed(thing: str, record_id: UUID) -> tuple[Placed, Any]:
    """A record of a kind, which the reader sees; for everything else there is nothing at that address."""
    try:
        kind = placed_of(thing)
    except KeyError:
        raise Http404 from None
    record = kind.find(record_id)
    if record is None:
        raise Http404
    look_at(kind, record)
    return kind, record


@require_http_methods(["GET", "HEAD", "POST"])
def adding(request: HttpRequest) -> HttpResponse:
    """For whom one adds things when one says nothing about it."""
    actor = seat_of(request)
    permit(actor, "write")
    if request.method != "POST":
        form = DefaultAudienceForm(initial={"default_audience": default_audience()})
        return settings_page(request, "trust/adding.html", {"form": form})
    form = DefaultAudienceForm(request.POST)
    if not form.is_valid():
        return settings_page(request, "trust/adding.html", {"form": form}, UNPROCESSABLE)
    change_default_audience(actor=actor, audience=form.cleaned_data["default_audience"])
    toast_later(request, _("Saved."))
    return redirect("trust:adding")


@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest, thing: str, record_id: UUID) -> HttpResponse:
    """Who sees it and why. Asked for another audience it shows what that would change; sent, it changes it."""
    kind, record = found_placed(thing, record_id)
    actor = seat_of(request)
    if kind.move is None:
        return _page(request, kind, record, status=UNPROCESSABLE if request.method == "POST" else 200)
    if request.method != "POST":
        asked = PlaceForm(request.GET, kind=kind) if request.GET.get("audience") else None
        if asked is not None and may(actor, "write") and asked.is_valid():
            return _page(request, kind, record, asked, with_preview=True)
        return _page(request, kind, record, asked)
    permit(actor, "write")
    form = PlaceForm(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, kind, record, form, status=UNPROCESSABLE)
    return _moved(request, kind, record, form)


def _moved(request: HttpRequest, kind: Placed, record: Any, form: PlaceForm) -> HttpResponse:
    values = form.cleaned_data
    audience: str = values["audience"]
    try:
        done = place(
            actor=seat_of(request),
            kind=kind,
            record=record,
            audience=audience,
            mark=values["mark"],
            also=values.get("also", ()),
        )
    except UnknownCircle:
        form.add_error("audience", _("Choose one of these."))
        return _page(request, kind, record, form, status=UNPROCESSABLE)
    except Moved as late:
        return _page(request, kind, late.record, form, with_preview=True, status=CONFLICT)
    toast_later(request, _("Changed who sees %(name)s.") % {"name": kind.name_of(record)}, done.id)
    return redirect(kind.page(record))


def _page(
    request: HttpRequest,
    kind: Placed,
    record: Any,
    form: PlaceForm | None = None,
    *,
    with_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    actor = seat_of(request)
    can_write = may(actor, "write")
    if form is None and can_write and kind.move is not None:
        form = PlaceForm(initial={"audience": key_of(kind, record)}, kind=kind)
    chosen = form.cleaned_data.get("audience", "") if with_preview and form is not None else ""
    readers = readers_of(record)
    told = preview(kind, record, chosen, readers) if with_preview else None
    context = {
        "kind": kind,
        "record": record,
        "name": kind.name_of(record),
        "back_url": kind.page(record),
        "seen": readers,
        "sides": kind.sides(record),
        "parts": kind.parts(record),
        "can_write": can_write,
        "form": form,
        "preview": told,
        "beside": _beside(kind, told),
        "chosen": chosen,
        "mark": mark_of(record),
        "was_moved": status == CONFLICT,
    }
    return render(request, "trust/seen.html", context, status=status)


def _beside(kind: Placed, told: Any) -> list[dict[str, Any]]:
    """What stands beside the record and may move in the same act."""
    if told is None:
        return []
    return [
        {"key": one.key, "words": one.words, "help": one.help, "moving": told.also[one.key]}
        for one in kind.also
        if one.key in told.also
    ]
