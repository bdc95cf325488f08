# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seems to work elsewhere: the questions and the answers."""

from uuid import UUID

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.core.operations import EditConflict
from plein.core.toasts import toast_later
from plein.moments.actions.job_news import answer_job_news
from plein.moments.queries.job_news import named_in, open_news
from plein.moments.views.imports import allowed, found_import, page_context
from plein.moments.vocabulary import JobAnswer
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, page
from plein.trust.permissions import may
from plein.trust.seats import Entrance

ON_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def working_elsewhere(request: Request) -> HttpResponseBase:
    """Who seems to work elsewhere, whatever said so; a POST answers for one of them, and leads back to their page when
    it came from there.
    """
    problem, about = "", _uuid(request.POST.get("person", ""))
    if request.method == "POST":
        allow(request)
        problem = _answered(request, request.seat, None)
        if not problem:
            back = reverse("relations:relation", args=[about]) if about else reverse("moments:job_news")
            return HttpResponseRedirect(back)
    found = list(open_news(_uuid(request.GET.get("brought_by", "")))[: ON_A_PAGE + 1])
    audit_look("relation", named_in(found[:ON_A_PAGE]), how="list")
    context = {
        "news": found[:ON_A_PAGE],
        "is_more": len(found) > ON_A_PAGE,
        "problem": problem,
        "can_write": may(request.seat, "write"),
    }
    return page(request, "moments/job_news.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def job_news(request: Request, import_id: UUID) -> HttpResponseBase:
    """Who seems to work elsewhere by one import; a POST answers for the chosen ones."""
    actor, planned = allowed(request), found_import(import_id)
    problem = _answered(request, actor, planned.id) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return HttpResponseRedirect(reverse("moments:import_job_news", args=[planned.id]))
    found = list(open_news(planned.id)[: ON_A_PAGE + 1])
    context = {
        **page_context(actor, planned, None),
        "news": found[:ON_A_PAGE],
        "is_more": len(found) > ON_A_PAGE,
        "problem": problem,
        "chosen": set(request.POST.getlist("ids")),
    }
    return page(request, "moments/import_job_news.html", context, status=422 if problem else 200)


def _answered(request: Request, actor: Entrance, brought_by: UUID | None) -> str:
    """Why the answer could not be taken, if it could not."""
    ids = [found for one in request.POST.getlist("ids") if (found := _uuid(one))]
    answer = request.POST.get("answer", "")
    if answer not in JobAnswer.values or not ids:
        return _("Choose who it is about, and what became of their work.")
    verb = "ignore_job_news" if answer == JobAnswer.NO else "accept_job_news"
    try:
        with act(verb) as done:
            count = answer_job_news(actor=actor, ids=ids, answer=answer, brought_by=brought_by)
    except (Refused, EditConflict, Relation.DoesNotExist):
        return _("One of them was changed meanwhile. Look again, and choose anew.")
    if answer == JobAnswer.NO:
        words = ngettext("%(count)s person: left as it was.", "%(count)s people: left as it was.", count)
    else:
        words = ngettext("%(count)s change of job: noted.", "%(count)s changes of job: noted.", count)
    toast_later(request, words % {"count": count}, done.id)
    return ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
