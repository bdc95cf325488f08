# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.channels.models import Connection, MailImport
from plein.core.toasts import toast_later
from plein.moments import actions
from plein.moments.import_forms import ShareForm
from plein.moments.models import Gives
from plein.moments.queries.sharing import Rules, often_in, rules_of, shareable
from plein.moments.views.imports import allowed, found_import
from plein.relations.models import Relation
from plein.trust.answers import Request, page
from plein.trust.circles import UnknownCircle, circle_key, describe


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What it is about, and where its pages are."""

    source: MailImport | Connection
    back: str
    own: str


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: Request, import_id: UUID) -> HttpResponseBase:
    """What colleagues get of a mailbox that one brought in."""
    allowed(request)
    planned = found_import(import_id)
    if planned.seat_id != request.seat.seat_id or planned.operation_id is None:
        raise Http404
    pages = (reverse(f"moments:{name}", args=[planned.id]) for name in ("import", "import_sharing"))
    return _shared(request, Mailbox(planned, *pages))


@require_http_methods(["GET", "HEAD", "POST"])
def connection_sharing(request: Request, connection_id: UUID) -> HttpResponseBase:
    """What colleagues get of what one's own account brings, from now on and so far."""
    allowed(request)
    found = shareable(request.seat, connection_id)
    if found is None:
        raise Http404
    pages = (reverse(f"moments:{name}", args=[found.id]) for name in ("connection", "connection_sharing"))
    return _shared(request, Mailbox(found, *pages))


def _shared(request: Request, planned: Mailbox) -> HttpResponseBase:
    """The page, with exceptions; a change is shown before it is made."""
    rules = rules_of(planned.source)
    if request.method != "POST":
        return _asked(request, planned, rules)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, planned, rules, form, status=422)
    values = form.cleaned_data
    try:
        done = actions.share_mail(
            actor=request.seat,
            mailbox=planned.source,
            gives=values["gives"],
            circle=values["circle"],
            exceptions=_exceptions(rules, values),
        )
    except UnknownCircle:
        form.add_error("circle", _("Choose one of the circles you are in."))
        return _page(request, planned, rules, form, status=422)
    toast_later(request, _("Changed what colleagues get of it."), done.id)
    answer = HttpResponse(status=302)
    answer["Location"] = planned.own
    return answer


def _asked(request: Request, planned: Mailbox, rules: Rules) -> HttpResponseBase:
    """The page as it is, or with what a change would do."""
    if "gives" not in request.GET:
        initial = {"gives": rules.default.gives, "circle": circle_key(rules.default.audience)}
        return _page(request, planned, rules, ShareForm(initial=initial))
    form = ShareForm(request.GET)
    if not form.is_valid():
        return _page(request, planned, rules, form, status=422)
    values = form.cleaned_data
    told = actions.preview_share(
        actor=request.seat,
        mailbox=planned.source,
        gives=values["gives"],
        circle=values["circle"],
        exceptions=_exceptions(rules, values),
    )
    return _page(request, planned, rules, form, told=told)


def _exceptions(rules: Rules, values: dict[str, Any]) -> dict[UUID, str]:
    """The exceptions as they are to be: those there are, with the one that the form names set or taken away."""
    kept = {one: rule.gives for one, rule in rules.exceptions.items()}
    if values["relation"]:
        kept.pop(values["relation"], None)
        if values["level"]:
            kept[values["relation"]] = values["level"]
    return kept


def _page(
    request: Request, planned: Mailbox, rules: Rules, form: ShareForm, *, told: Any = None, status: int = 200
) -> HttpResponse:
    names = dict(Relation.objects.filter(id__in=list(rules.exceptions)).values_list("id", "name"))
    words = request.GET.get("who", "")[:200]
    context = {
        "mailbox": planned,
        "form": form,
        "told": told,
        "values": form.cleaned_data if told is not None else {},
        "who": words,
        "often": often_in(planned.source, words),
        "levels": Gives.choices,
        "rule_words": str(Gives(rules.default.gives).label),
        "seen_by": describe(rules.default.audience),
        "exceptions": [
            {"id": one, "name": names[one], "words": str(Gives(rule.gives).label)}
            for one, rule in rules.exceptions.items()
            if one in names
        ],
    }
    return page(request, "moments/import_sharing.html", context, status=status)
