# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.blobs import path_of
from plein.core.toasts import toast_later, toast_now
from plein.relations import actions
from plein.relations.actions.relations import picture_type
from plein.relations.forms import PhotoForm
from plein.relations.queries import suggestions
from plein.relations.refusals import Refused
from plein.relations.slots import asides, panels
from plein.relations.views.answers import address_of, found, list_address, record_context, refuse, section_of
from plein.relations.views.values import own_groups
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, act, allow, page
from plein.trust.rates import slow_down_typing

SECTIONS = frozenset({"contact", "details", "points", "roles", "ties", "tags", "interests", "dates", "seen"})


@require_safe
def relation(request: Request, relation_id: UUID) -> HttpResponse:
    """One person or organization: the whole story."""
    context = record_context(relation_id)
    context["custom"] = own_groups(request, context)
    context["panels"] = [make(request, context["relation"]) for make in panels]
    context["asides"] = [one for make in asides if (one := make(context["relation"]))]
    return page(request, "relations/relation.html", context)


@require_safe
def section(request: Request, relation_id: UUID, part: str) -> HttpResponse:
    """One section of the pane by itself; without htmx the page it stands on."""
    if part not in SECTIONS:
        raise Http404
    if not request.htmx:
        return HttpResponseRedirect(f"{address_of(found(relation_id))}#{part}")
    return section_of(request, relation_id, part, {"details": own_groups}.get(part))


@require_safe
def card(request: Request, relation_id: UUID) -> HttpResponse:
    """The small card about whoever one points at."""
    context = record_context(relation_id)
    if not request.htmx:
        return HttpResponseRedirect(address_of(context["relation"]))
    return page(request, "relations/card.html", context)


@require_POST
def favourite(request: Request, relation_id: UUID) -> HttpResponse:
    """Keep a relation at hand, or no longer."""
    one = found(relation_id)
    wanted = request.POST.get("favourite") == "1"
    actions.set_favourite(actor=request.seat, relation=one, is_favourite=wanted)
    if not request.htmx:
        return HttpResponseRedirect(address_of(one))
    return page(request, "relations/relation.html", {"relation": one, "is_favourite": wanted}, part="star")


@require_POST
def visited(request: Request, relation_id: UUID) -> HttpResponse:
    """Remember that one looked here, once the page was open for a moment."""
    actions.note_visit(actor=request.seat, relation=found(relation_id))
    return HttpResponse(status=204)


@require_POST
def follow(request: Request, relation_id: UUID) -> HttpResponseBase:
    """Hear the news of a relation from now on, or no longer."""
    one = found(relation_id)
    wanted = request.POST.get("follow") == "1"
    actions.set_following(actor=request.seat, relation=one, is_following=wanted)
    words = _("You hear of what is new with %(name)s.") if wanted else _("You no longer follow %(name)s.")
    words %= {"name": one.name}
    if not request.htmx:
        toast_later(request, words)
        return HttpResponseRedirect(address_of(one))
    answer = page(request, "relations/relation.html", {"relation": one, "is_following": wanted}, part="follow")
    return toast_now(answer, words)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, relation_id: UUID) -> HttpResponse:
    """Ask whether it is meant, then move the relation to the recycle bin."""
    one = found(relation_id)
    allow(request, "delete")
    if request.method != "POST":
        return page(request, "relations/relation_delete.html", {"relation": one})
    done = actions.delete_relation(actor=request.seat, relation=one)
    toast_later(request, _("%(name)s is in the recycle bin.") % {"name": one.name}, done.id)
    return HttpResponseRedirect(list_address(one.kind))


@require_safe
def photo(request: Request, relation_id: UUID) -> HttpResponse:
    """The photo itself, for who may see the relation."""
    one = found(relation_id)
    if not one.photo:
        raise Http404
    if request.headers.get("If-None-Match") == f'"{one.photo}"':
        return HttpResponseNotModified()
    try:
        data = path_of(one.photo).read_bytes()
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = HttpResponse(data, content_type=picture_type(data) or "application/octet-stream")
    for name, value in {
        "ETag": f'"{one.photo}"',
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    }.items():
        response.headers[name] = value
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def photo_change(request: Request, relation_id: UUID) -> HttpResponse:
    """Give a relation a photo, or take it away."""
    one = found(relation_id)
    allow(request)
    if request.method != "POST":
        return page(request, "relations/photo.html", {"relation": one, "form": PhotoForm()})
    if request.POST.get("remove"):
        with act("remove_photo") as done:
            actions.remove_photo(actor=request.seat, relation=one)
        toast_later(request, _("Photo taken away."), done.id)
        return HttpResponseRedirect(address_of(one))
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with act("set_photo") as done:
                actions.set_photo(actor=request.seat, relation=one, data=form.cleaned_data["photo"].read())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            toast_later(request, _("Photo set."), done.id)
            return HttpResponseRedirect(address_of(one))
    return page(request, "relations/photo.html", {"relation": one, "form": form}, status=422)


@require_safe
def suggest(request: Request) -> HttpResponse:
    """Relations somebody may mean, to choose from in a form."""
    kinds = tuple(kind for kind in request.GET.getlist("kind") if kind in RelationKind.values)
    if not kinds:
        raise BadRequest
    in_own_field = [str(text) for name, text in request.GET.items() if name.startswith("c.")]
    typed = (request.GET.get("other_name") or "".join(in_own_field[:1]))[:200]
    slow_down_typing(request.seat.user.id)
    context = {"choices": suggestions(typed, kinds=kinds), "typed": typed, "may_make": request.GET.get("make") == "1"}
    part = "options" if request.GET.get("options") else "choices"
    return page(request, "relations/choices.html", context, part=part)
