# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an import left to look at: messages that could not be read, and addresses that are nobody yet."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from plein.channels.models import Connection, ConnectionProblem, ImportProblem, MailImport
from plein.core import blobs
from plein.core.toasts import toast_later
from plein.moments.actions.proposals import accept_proposals, ignore_proposals
from plein.moments.models import Proposal
from plein.moments.views.imports import allowed, found_import, page_context
from plein.trust.answers import Request, page
from plein.trust.seats import Entrance

ON_A_PAGE = 100


@require_safe
def problems(request: Request, import_id: UUID) -> HttpResponse:
    """What could not be read, and why."""
    actor, planned = allowed(request), found_import(import_id)
    after = _number(request.GET.get("after"))
    found = list(
        ImportProblem.objects.filter(mail_import=planned, position__gte=after).order_by("position", "id")[
            : ON_A_PAGE + 1
        ]
    )
    further = found[ON_A_PAGE].position if len(found) > ON_A_PAGE else None
    context = {**page_context(actor, planned, None), "problems": found[:ON_A_PAGE], "further": further}
    return page(request, "moments/import_problems.html", context)


@require_safe
def problem_file(request: HttpRequest, import_id: UUID, problem_id: UUID) -> FileResponse:
    """The bytes of something that could not be read."""
    allowed(request)
    problem = ImportProblem.objects.filter(id=problem_id, mail_import_id=import_id).first()
    if problem is None or not blobs.exists(problem.sha256):
        raise Http404
    return _as_file(problem)


@require_safe
def connection_refused(request: HttpRequest, connection_id: UUID, problem_id: UUID) -> FileResponse:
    """The bytes of something that could not be taken in."""
    allowed(request)
    problem = ConnectionProblem.objects.filter(id=problem_id, connection_id=connection_id).first()
    if problem is None or not problem.sha256 or not blobs.exists(problem.sha256):
        raise Http404
    return _as_file(problem)


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: Request, import_id: UUID) -> HttpResponseBase:
    """The addresses that are nobody yet; a POST makes persons of the chosen ones, or leaves them be."""
    actor, planned = allowed(request), found_import(import_id)
    here, back = reverse("moments:import_proposals", args=[planned.id]), reverse("moments:import", args=[planned.id])
    return _waiting(request, actor, planned, here, back)


@require_http_methods(["GET", "HEAD", "POST"])
def connection_waiting(request: Request, connection_id: UUID) -> HttpResponseBase:
    """The same for what a connection heard; its owner decides."""
    actor = allowed(request)
    found = Connection.objects.filter(id=connection_id, seat_id=actor.seat_id).first()
    if found is None:
        raise Http404
    here, back = (reverse(f"moments:{name}", args=[found.id]) for name in ("connection_waiting", "connection"))
    return _waiting(request, actor, found, here, back)


def _waiting(
    request: Request, actor: Entrance, source: MailImport | Connection, here: str, back: str
) -> HttpResponseBase:
    if request.method == "POST":
        ids = [UUID(one) for one in request.POST.getlist("ids") if _is_uuid(one)]
        if request.POST.get("decision") == "ignore":
            count = ignore_proposals(actor=actor, mail_import=source, ids=ids)
            words = ngettext("%(count)s address will stay nobody.", "%(count)s addresses will stay nobody.", count)
        else:
            count = accept_proposals(actor=actor, mail_import=source, ids=ids)
            words = ngettext("%(count)s person was made.", "%(count)s people were made.", count)
        toast_later(request, words % {"count": count})
        return HttpResponseRedirect(here)
    waiting = Proposal.objects.filter(import_id=source.id, decision="open").select_related("contact_point")
    found = list(waiting.order_by("-wrote", "id")[: ON_A_PAGE + 1])
    context = {"source": source, "here": here, "back": back, "waiting": found[:ON_A_PAGE],
               "is_more": len(found) > ON_A_PAGE}  # fmt: skip
    return page(request, "moments/import_proposals.html", context)


def _as_file(problem: ImportProblem | ConnectionProblem) -> FileResponse:
    return FileResponse(
        blobs.path_of(problem.sha256).open("rb"),
        as_attachment=True,
        filename=f"unreadable-{problem.position}.eml",
        content_type="application/octet-stream",
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
