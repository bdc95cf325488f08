# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who mail comes from, and what it is made of."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.isolation import seat_id
from plein.core.operations import EditConflict
from plein.core.toasts import toast_later
from plein.outbox.actions import keep_identity, keep_template, remove_identity, remove_template
from plein.outbox.custom import custom_fields
from plein.outbox.fields import KNOWN
from plein.outbox.forms import IdentityForm, TemplateForm
from plein.outbox.models import Identity, Template
from plein.outbox.queries import company_domains, templates_for
from plein.outbox.refusals import CannotSend
from plein.trust.circles import people_key
from plein.trust.models import Circle, Seat, Team
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page

CONFLICT = 409


def _owners(actor: Entrance) -> list[tuple[str, str]]:
    """Whose a new sender may be: for administrators anybody's, or a team's."""
    if not may(actor, "manage"):
        return []
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name")
    teams = Team.objects.order_by("name")
    return [
        ("", _("Mine")),
        *((f"team:{team.id}", _("The team %(team)s") % {"team": team.name}) for team in teams),
        *((f"seat:{seat.id}", str(seat)) for seat in seats if seat.id != actor.seat_id),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """Who one may send as; add one."""
    actor = seat_of(request)
    permit(actor, "write")
    if request.method != "POST":
        initial = {"name": actor.user.name, "address": actor.user.email}
        return _identity_page(request, IdentityForm(owners=_owners(actor), initial=initial))
    form = IdentityForm(request.POST, owners=_owners(actor))
    if form.is_valid():
        try:
            keep_identity(actor=actor, facts=form.facts())
        except CannotSend as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast_later(request, _("Added. Choose it when you write a mail."))
            return redirect("outbox:identities")
    return _identity_page(request, form, UNPROCESSABLE)


def _identity_page(request: HttpRequest, form: IdentityForm, status: int = 200) -> HttpResponse:
    actor = seat_of(request)
    manages = may(actor, "manage")
    rows = Identity.objects.select_related("seat__user", "team").order_by("team__name", "name", "id")
    lines = [
        {
            "identity": one,
            "whose": _("The team %(team)s") % {"team": one.team.name} if one.team else str(one.seat or ""),
            "may_change": manages or one.seat_id == actor.seat_id,
            "form": IdentityForm(
                initial={"name": one.name, "address": one.address, "signature": one.signature,
                         "is_default": one.is_default},
                auto_id=f"sender_{one.id}_%s",
            ),
        }
        for one in (rows if manages else rows.filter(seat_id=actor.seat_id))
    ]  # fmt: skip
    context = {"form": form, "lines": lines, "domains": ", ".join(company_domains()), "manages": manages}
    return settings_page(request, "outbox/identities.html", context, status)


def _own_identity(actor: Entrance, identity_id: UUID) -> Identity:
    """A sender the actor may change; for others there is none."""
    found: Identity = get_object_or_404(Identity.objects, id=identity_id)
    if found.seat_id != actor.seat_id and not may(actor, "manage"):
        raise Http404
    return found


@require_POST
def identity_change(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Another name, address or signature."""
    actor = seat_of(request)
    found = _own_identity(actor, identity_id)
    permit(actor, "write")
    form = IdentityForm(request.POST)
    if form.is_valid():
        try:
            keep_identity(actor=actor, facts=form.facts(), identity=found)
        except CannotSend as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast_later(request, _("Saved."))
            return redirect("outbox:identities")
    return settings_page(request, "outbox/identity.html", {"form": form, "identity": found}, UNPROCESSABLE)


@require_POST
def identity_remove(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Take a sender away."""
    actor = seat_of(request)
    found = _own_identity(actor, identity_id)
    done = remove_identity(actor=actor, identity=found)
    toast_later(request, _("Removed."), done.id)
    return redirect("outbox:identities")


@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Templates and snippets; add one."""
    actor = seat_of(request)
    permit(actor, "write")
    form = TemplateForm(request.POST if request.method == "POST" else None, initial={"circle": "everyone"})
    if request.method == "POST" and form.is_valid():
        try:
            keep_template(actor=actor, facts=form.facts())
        except CannotSend as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            toast_later(request, _("Added. It lies ready when you write a mail."))
            return redirect("outbox:templates")
    found = list(templates_for()[:200])
    seen_by = _seen_by({one.circle_id for one in found})
    lines = [(one, seen_by[one.circle_id]) for one in found]
    context = {"form": form, "lines": lines, "fields": _fields()}
    return settings_page(request, "outbox/templates.html", context, UNPROCESSABLE if form.errors else 200)


def _seen_by(circles: set[int]) -> dict[int, str]:
    """Who may use what is in these circles, in a word or two."""
    known = Circle.objects.filter(id__in=circles).select_related("team")
    words = {"everyone": _("everybody"), "people": _("named people")}
    mine = people_key([seat_id()])
    return {
        one.id: one.team.name if one.team else _("only you") if one.key == mine else words.get(one.kind, "")
        for one in known
    }


def _fields() -> list[tuple[str, str]]:
    """Every field there is, as one writes it, with what it is."""
    custom: Mapping[str, str] = custom_fields()
    return [("{{" + name + "}}", str(words)) for name, (words, _advice) in KNOWN.items()] + [
        ("{{" + name + "}}", label) for name, label in custom.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def template_change(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Change a template or a snippet."""
    actor = seat_of(request)
    found: Template = get_object_or_404(Template.objects, id=template_id)
    permit(actor, "write")
    known = {name: getattr(found, name) for name in ("kind", "name", "shortcut", "subject", "text", "version")}
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=known, is_new=False)
    status, theirs = 200, None
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                keep_template(
                    actor=actor, facts=form.facts(), template=found, based_on=form.cleaned_data["version"] or 0
                )
            except CannotSend as refusal:
                form.add_error(refusal.field, str(refusal))
            except EditConflict as conflict:
                status, theirs = CONFLICT, conflict.current
            else:
                toast_later(request, _("Saved."))
                return redirect("outbox:templates")
    context = {"form": form, "template": found, "theirs": theirs, "fields": _fields()}
    return settings_page(request, "outbox/template.html", context, status)


@require_POST
def template_remove(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Take a template away."""
    actor = seat_of(request)
    found: Template = get_object_or_404(Template.objects, id=template_id)
    done = remove_template(actor=actor, template=found)
    toast_later(request, _("Removed."), done.id)
    return redirect("outbox:templates")
