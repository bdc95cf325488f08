# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of bringing mail in: choose a store, see what is in it, decide, follow, and look at what was left."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plein.channels.actions import (
    CannotImport,
    Wishes,
    cancel_import,
    pause_import,
    plan_import,
    resume_import,
    start_import,
    undo_import,
)
from plein.channels.models import ImportProblem, ImportState, MailImport
from plein.core import blobs
from plein.core.ids import now
from plein.core.toasts import toast_later
from plein.moments.actions.proposals import accept_proposals, ignore_proposals
from plein.moments.import_forms import PathForm, WishesForm
from plein.moments.intake.plan import Choices, preview_of
from plein.moments.intake.runner import roles_of
from plein.moments.intake.scan import Scan
from plein.moments.models import Proposal
from plein.moments.views.answers import Request, page
from plein.trust.circles import describe
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance, seat_of

ON_A_PAGE = 100
#: After this long without a sign of life a worker is taken for dead.
SILENCE = timedelta(seconds=60)
AT_WORK = (ImportState.SCANNING, ImportState.RUNNING)


@require_http_methods(["GET", "POST"])
def import_list(request: Request) -> HttpResponseBase:
    """All imports one may see, and the way to begin one; an administrator may name a path on the server."""
    actor = _allowed(request)
    form = PathForm(request.POST or None)
    if request.method == "POST":
        permit(actor, "manage")
        if form.is_valid():
            planned = plan_import(actor=actor, path=Path(form.cleaned_data["path"]))
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


@require_GET
def import_page(request: Request, import_id: UUID) -> HttpResponse:
    """One import, whatever state it is in; the part that changes is fetched again while it does."""
    actor = _allowed(request)
    planned = _found(import_id)
    form = WishesForm(initial={"policy": planned.policy, "ours": "\n".join(planned.ours)})
    return page(request, "moments/import.html", _context(actor, planned, form), part="state")


@require_POST
def choices(request: Request, import_id: UUID) -> HttpResponse:
    """The counts for another "our side" than the one that was guessed."""
    actor = _allowed(request)
    planned = _found(import_id)
    form = WishesForm(request.POST)
    form.is_valid()
    ours = form.cleaned_data.get("ours") or ()
    kept = Path(settings.PLEIN_FILES) / str(planned.workspace_id) / "imports" / str(planned.id) / "scan.json"
    context = _context(actor, planned, form)
    if not form.errors.get("ours") and kept.is_file():
        wanted = Choices(ours=tuple(ours), roles=roles_of(planned.roles_path, tuple(ours)))
        context["policies"] = _policies(preview_of(Scan.load(kept), wanted), form)
    return page(request, "moments/import.html", context, part="choices", status=422 if form.errors.get("ours") else 200)


@require_POST
def start(request: Request, import_id: UUID) -> HttpResponseBase:
    """Begin with what the user chose."""
    actor = _allowed(request)
    planned = _found(import_id)
    form = WishesForm(request.POST)
    if not form.is_valid():
        return page(request, "moments/import.html", _context(actor, planned, form), status=422)
    wishes = Wishes(form.cleaned_data["policy"], form.cleaned_data["ours"], form.cleaned_data["circle"])
    return _do(request, planned, lambda: start_import(actor=actor, mail_import=planned, wishes=wishes))


@require_POST
def pause(request: Request, import_id: UUID) -> HttpResponseBase:
    """Let it rest."""
    actor, planned = _allowed(request), _found(import_id)
    _permit_owner(actor, planned)
    return _do(request, planned, lambda: pause_import(actor=actor, mail_import=planned))


@require_POST
def resume(request: Request, import_id: UUID) -> HttpResponseBase:
    """Go on."""
    actor, planned = _allowed(request), _found(import_id)
    _permit_owner(actor, planned)
    return _do(request, planned, lambda: resume_import(actor=actor, mail_import=planned))


@require_POST
def cancel(request: Request, import_id: UUID) -> HttpResponseBase:
    """End it; `keep` says whether what is in stays."""
    actor, planned = _allowed(request), _found(import_id)
    _permit_owner(actor, planned)
    keep = request.POST.get("keep") == "1"
    return _do(request, planned, lambda: cancel_import(actor=actor, mail_import=planned, keep=keep))


@require_POST
def undo(request: Request, import_id: UUID) -> HttpResponseBase:
    """Turn back all it brought."""
    actor, planned = _allowed(request), _found(import_id)
    return _do(request, planned, lambda: undo_import(actor=actor, mail_import=planned))


@require_GET
def problems(request: Request, import_id: UUID) -> HttpResponse:
    """What could not be read, and why."""
    actor, planned = _allowed(request), _found(import_id)
    after = _number(request.GET.get("after"))
    found = list(
        ImportProblem.objects.filter(mail_import=planned, position__gte=after).order_by("position", "id")[
            : ON_A_PAGE + 1
        ]
    )
    further = found[ON_A_PAGE].position if len(found) > ON_A_PAGE else None
    context = {**_context(actor, planned, None), "problems": found[:ON_A_PAGE], "further": further}
    return page(request, "moments/import_problems.html", context)


@require_GET
def problem_file(request: HttpRequest, import_id: UUID, problem_id: UUID) -> FileResponse:
    """The bytes of something that could not be read."""
    _allowed(request)
    problem = ImportProblem.objects.filter(id=problem_id, mail_import_id=import_id).first()
    if problem is None or not blobs.exists(problem.sha256):
        raise Http404
    return FileResponse(
        blobs.path_of(problem.sha256).open("rb"),
        as_attachment=True,
        filename=f"unreadable-{problem.position}.eml",
        content_type="application/octet-stream",
    )


@require_http_methods(["GET", "POST"])
def proposals(request: Request, import_id: UUID) -> HttpResponseBase:
    """The addresses that are nobody yet; a POST makes persons of the chosen ones, or leaves them be."""
    actor, planned = _allowed(request), _found(import_id)
    if request.method == "POST":
        ids = [UUID(one) for one in request.POST.getlist("ids") if _is_uuid(one)]
        if request.POST.get("decision") == "ignore":
            count = ignore_proposals(actor=actor, mail_import=planned, ids=ids)
            words = ngettext("%(count)s address will stay nobody.", "%(count)s addresses will stay nobody.", count)
        else:
            count = accept_proposals(actor=actor, mail_import=planned, ids=ids)
            words = ngettext("%(count)s person was made.", "%(count)s people were made.", count)
        toast_later(request, words % {"count": count})
        return HttpResponseRedirect(reverse("moments:import_proposals", args=[planned.id]))
    waiting = Proposal.objects.filter(import_id=planned.id, decision="open").select_related("contact_point")
    found = list(waiting.order_by("-wrote", "id")[: ON_A_PAGE + 1])
    context = {**_context(actor, planned, None), "waiting": found[:ON_A_PAGE], "is_more": len(found) > ON_A_PAGE}
    return page(request, "moments/import_proposals.html", context)


def _allowed(request: HttpRequest) -> Entrance:
    actor = seat_of(request)
    permit(actor, "import")
    return actor


def _found(import_id: UUID) -> MailImport:
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


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 19 else 0


def _look(planned: MailImport) -> str:
    """Which of the faces of the page fits."""
    if planned.counts.get("undo") in ("busy", "done"):
        return "undoing" if planned.counts["undo"] == "busy" else "undone"
    if planned.state in AT_WORK and planned.lease_until and planned.lease_until < now() - SILENCE:
        return "silent"
    return str(planned.state)


def _context(actor: Entrance, planned: MailImport, form: WishesForm | None) -> dict[str, Any]:
    look = _look(planned)
    counts, preview = planned.counts, planned.preview
    return {
        "import": planned,
        "look": look,
        "is_live": look in ("scanning", "running", "undoing"),
        "counts": counts,
        "preview": preview,
        "total": preview.get("messages", 0),
        "natures": _natures(preview.get("natures", {})),
        "seen_by": describe(planned.circle_id),
        "form": form,
        "policies": _policies(preview.get("policies", {}), form),
        "is_mine": planned.seat_id == actor.seat_id or may(actor, "undo_others"),
    }


def _policies(counts: dict[str, Any], form: WishesForm | None) -> list[tuple[str, str, str, dict[str, int], bool]]:
    chosen = str(form["policy"].value()) if form else ""
    words = (
        ("answered", _("People we wrote to or answered"), _("The others wait, and you decide later.")),
        ("everyone", _("Everyone who wrote or was written to"), _("Also those who only ever wrote to us.")),
        ("nobody", _("Nobody yet"), _("Only the mail comes in; all addresses wait.")),
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
