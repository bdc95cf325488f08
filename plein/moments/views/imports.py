# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of bringing mail in: choose a store, see what is in it, decide, follow, and look at what was left."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.channels.actions import (
    CannotImport,
    Wishes,
    cancel_import,
    pause_import,
    plan_import,
    resume_import,
    undo_import,
)
from plein.channels.models import ImportState, MailImport
from plein.core.ids import now
from plein.core.toasts import toast_later
from plein.moments.actions import begin_import
from plein.moments.archives.owner import label_of
from plein.moments.import_forms import PathForm, WishesForm
from plein.moments.intake.shelf import count_again
from plein.moments.queries.job_news import open_news
from plein.trust.answers import Request, page
from plein.trust.circles import describe
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance, seat_of

ON_A_PAGE = 100
#: After this long without a sign of life a worker is taken for dead.
SILENCE = timedelta(seconds=60)
AT_WORK = (ImportState.SCANNING, ImportState.RUNNING)


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: Request) -> HttpResponseBase:
    """All imports one may see, and the way to begin one; an administrator may name a path on the server."""
    actor = allowed(request)
    form = PathForm(request.POST or None)
    if request.method == "POST":
        permit(actor, "manage")
        if form.is_valid():
            planned = plan_import(actor=actor, path=Path(form.cleaned_data["path"]), source="")
            return _to(planned)
    imports = MailImport.objects.order_by("-created_at", "-id")[:ON_A_PAGE]
    context = {
        "imports": [
            (one, _look(one), one.counts.get("messages") or one.preview.get("messages", "")) for one in imports
        ],
        "form": form,
        "limit": settings.PLEIN_UPLOAD_LIMIT // (1024 * 1024),
        "may_name_path": may(actor, "manage"),
    }
    return page(request, "moments/import_list.html", context, status=422 if form.errors else 200)


@require_safe
def import_page(request: Request, import_id: UUID) -> HttpResponse:
    """One import, whatever state it is in; the part that changes is fetched again while it does."""
    actor = allowed(request)
    planned = found_import(import_id)
    initial = {"policy": planned.policy, "ours": "\n".join(planned.ours), "gives": "everything"}
    if planned.is_archive:
        # What somebody said in private is theirs: they say who else may read it.
        initial["circle"] = "me"
    form = WishesForm(initial=initial, is_archive=planned.is_archive)
    context = page_context(actor, planned, form)
    context["has_job_news"] = planned.state == ImportState.DONE and open_news(planned.id).exists()
    return page(request, "moments/import.html", context, part="state")


@require_POST
def choices(request: Request, import_id: UUID) -> HttpResponse:
    """The counts for another "our side" than the one that was guessed."""
    actor = allowed(request)
    planned = found_import(import_id)
    form = WishesForm(request.POST, is_archive=planned.is_archive)
    form.is_valid()
    ours = form.cleaned_data.get("ours") or ()
    context = page_context(actor, planned, form)
    if not form.errors.get("ours"):
        context["policies"] = _policies(count_again(planned, ours), form)
    return page(request, "moments/import.html", context, part="choices", status=422 if form.errors.get("ours") else 200)


@require_POST
def start(request: Request, import_id: UUID) -> HttpResponseBase:
    """Begin with what the user chose."""
    actor = allowed(request)
    planned = found_import(import_id)
    form = WishesForm(request.POST, is_archive=planned.is_archive)
    if not form.is_valid():
        return page(request, "moments/import.html", page_context(actor, planned, form), status=422)
    values = form.cleaned_data
    wishes = Wishes(values["policy"], values["ours"], values["circle"])
    return _do(
        request, planned, lambda: begin_import(actor=actor, mail_import=planned, wishes=wishes, gives=values["gives"])
    )


@require_POST
def pause(request: Request, import_id: UUID) -> HttpResponseBase:
    """Let it rest."""
    actor, planned = allowed(request), found_import(import_id)
    _permit_owner(actor, planned)
    return _do(request, planned, lambda: pause_import(actor=actor, mail_import=planned))


@require_POST
def resume(request: Request, import_id: UUID) -> HttpResponseBase:
    """Go on."""
    actor, planned = allowed(request), found_import(import_id)
    _permit_owner(actor, planned)
    return _do(request, planned, lambda: resume_import(actor=actor, mail_import=planned))


@require_POST
def cancel(request: Request, import_id: UUID) -> HttpResponseBase:
    """End it; `keep` says whether what is in stays."""
    actor, planned = allowed(request), found_import(import_id)
    _permit_owner(actor, planned)
    keep = request.POST.get("keep") == "1"
    return _do(request, planned, lambda: cancel_import(actor=actor, mail_import=planned, keep=keep))


@require_POST
def undo(request: Request, import_id: UUID) -> HttpResponseBase:
    """Turn back all it brought."""
    actor, planned = allowed(request), found_import(import_id)
    return _do(request, planned, lambda: undo_import(actor=actor, mail_import=planned))


def allowed(request: HttpRequest) -> Entrance:
    """The seat of somebody who may bring things in."""
    actor = seat_of(request)
    permit(actor, "import")
    return actor


def found_import(import_id: UUID) -> MailImport:
    """An import the reader may see; for everything else there is nothing at that address."""
    planned: MailImport | None = MailImport.objects.filter(id=import_id).first()
    if planned is None:
        raise Http404
    return planned


def _permit_owner(actor: Entrance, planned: MailImport) -> None:
    if planned.seat_id != actor.seat_id:
        permit(actor, "undo_others")


def _to(planned: MailImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("moments:import", args=[planned.id]))


def _do(request: HttpRequest, planned: MailImport, act: Callable[[], object]) -> HttpResponseBase:
    try:
        act()
    except CannotImport as refusal:
        toast_later(request, str(refusal))
    return _to(planned)


def _look(planned: MailImport) -> str:
    """Which of the faces of the page fits."""
    if planned.counts.get("undo") in ("busy", "done"):
        return "undoing" if planned.counts["undo"] == "busy" else "undone"
    if planned.state in AT_WORK and planned.lease_until and planned.lease_until < now() - SILENCE:
        return "silent"
    return str(planned.state)


def page_context(actor: Entrance, planned: MailImport, form: WishesForm | None) -> dict[str, Any]:
    """What every page of an import shows."""
    look = _look(planned)
    preview, counts = planned.heard_by(actor.seat_id)
    return {
        "import": planned,
        "look": look,
        "is_live": look in ("scanning", "running", "undoing"),
        "counts": counts,
        "preview": preview,
        "network": label_of(planned.source),
        "first": parse_datetime(preview.get("first") or ""),
        "last": parse_datetime(preview.get("last") or ""),
        "total": preview.get("messages", 0),
        "natures": _natures(preview.get("natures", {})),
        "seen_by": describe(planned.circle_id),
        "form": form,
        "policies": _policies(preview.get("policies", {}), form),
        "is_own": planned.seat_id == actor.seat_id,
        "is_mine": planned.seat_id == actor.seat_id or may(actor, "undo_others"),
    }


def _policies(counts: dict[str, Any], form: WishesForm | None) -> list[tuple[str, str, str, dict[str, int], bool]]:
    chosen = str(form["policy"].value()) if form else ""
    words = (
        ("answered", _("People we wrote to or answered"), _("The others wait, and you decide later.")),
        ("everyone", _("Everyone who wrote or was written to"), _("Also those who only ever wrote to us.")),
        ("nobody", _("Nobody yet"), _("Only the messages come in; all addresses wait.")),
    )
    return [(name, label, note, counts.get(name, {}), name == chosen) for name, label, note in words]


def _natures(counts: dict[str, int]) -> list[tuple[str, int]]:
    words = {
        "newsletter": _("newsletters"),
        "list": _("mailing lists"),
        "auto_reply": _("automatic replies"),
        "bounce": _("not delivered"),
    }
    return [(label, counts[name]) for name, label in words.items() if counts.get(name)]
