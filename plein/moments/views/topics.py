# SPDX-License-Identifier: AGPL-3.0-or-later
"""The topics of a company: naming them, teaching them, how much each is written about."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.audit import audit_look
from plein.core.isolation import default_circle_id
from plein.core.operations import EditConflict
from plein.moments import actions
from plein.moments.models import Topic, TopicSuggestion
from plein.moments.pictures import topic_picture
from plein.moments.queries import moments_about, topics, weeks_about
from plein.moments.queries.topic_groups import possible_topics
from plein.moments.topic_forms import TopicForm
from plein.moments.wording import shown
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, go
from plein.trust.views.frame import UNPROCESSABLE, settings_page

CONFLICT = 409
FORM = "moments/topic_form.html"


@require_safe
def overview(request: Request) -> HttpResponse:
    """The topics, and what might be one."""
    possible = possible_topics() if request.seat.can_write else []
    audit_look("moment", [sample for one in possible for sample in one.samples], how="list")
    context = {"topics": topics(), "possible": possible, "can_write": request.seat.can_write}
    return settings_page(request, "moments/topics.html", context)


@require_safe
def topic(request: Request, topic_id: UUID) -> HttpResponse:
    """One topic: what it is known by, how much is written about it, and the latest of that."""
    one = get_object_or_404(Topic.objects.select_related("owner__user"), id=topic_id)
    weeks, found, everyone = weeks_about(one.id), moments_about(one.id), default_circle_id()
    audit_look("moment", found, how="list")
    context = {
        "topic": one,
        "may_change": actions.may_change_topic(request.seat, one),
        "can_write": request.seat.can_write,
        "picture": topic_picture(weeks),
        "weeks": list(reversed(weeks)),
        "moments": [shown(line, everyone) for line in found],
        "inbox_url": f"{reverse('inbox:inbox')}?tab=me--{one.id.hex}",
    }
    return settings_page(request, "moments/topic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Name a topic; an address may bring words and examples along, as a suggestion does."""
    allow(request)
    form = TopicForm(request.POST) if request.method == "POST" else TopicForm(initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        try:
            with act("save_topic") as done:
                made = actions.save_topic(actor=request.seat, **form.cleaned_data)
            words = _("Plein looks for it in what comes in, and in what came lately.")
            return go(request, reverse("moments:topic", args=[made.id]), words, done.id)
        except Refused as refusal:
            _refused(form, refusal)
    context = {"form": form, "is_new": True}
    return settings_page(request, FORM, context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, topic_id: UUID) -> HttpResponseBase:
    """Call it otherwise, or teach it otherwise."""
    one = get_object_or_404(Topic.objects, id=topic_id)
    if not actions.may_change_topic(request.seat, one):
        allow(request, "manage")
    if request.method == "POST":
        return _changed(request, one)
    form = TopicForm(initial={"name": one.name, "words": one.words, "examples": one.examples})
    return settings_page(request, FORM, {"form": form, "topic": one})


def _changed(request: Request, one: Topic) -> HttpResponseBase:
    form, status = TopicForm(request.POST), UNPROCESSABLE
    if form.is_valid():
        version = request.POST.get("version", "")
        based_on = int(version) if version.isdecimal() and len(version) < 10 else 0
        try:
            with act("change_topic") as done:
                actions.change_topic(actor=request.seat, topic=one, based_on=based_on, **form.cleaned_data)
            return go(request, reverse("moments:topic", args=[one.id]), _("Changed."), done.id)
        except Refused as refusal:
            _refused(form, refusal)
        except EditConflict:
            form.add_error(None, _("A colleague changed it meanwhile. Look at it again before you save."))
            status = CONFLICT
    return settings_page(request, FORM, {"form": form, "topic": one}, status=status)


def _refused(form: TopicForm, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@require_POST
def remove(request: Request, topic_id: UUID) -> HttpResponseBase:
    """Texts are about it no longer."""
    one = get_object_or_404(Topic.objects, id=topic_id)
    if not actions.may_change_topic(request.seat, one):
        allow(request, "manage")
    with act("remove_topic") as done:
        actions.remove_topic(actor=request.seat, topic=one)
    return go(request, reverse("moments:topics"), _("Removed. The texts stay."), done.id)


@require_POST
def refuse(request: Request, suggestion_id: UUID) -> HttpResponseBase:
    """It is no topic."""
    allow(request)
    one = get_object_or_404(TopicSuggestion.objects, id=suggestion_id)
    with act("refuse_suggestion") as done:
        actions.refuse_suggestion(actor=request.seat, suggestion=one)
    return go(request, reverse("moments:topics"), _("Not suggested again."), done.id)
