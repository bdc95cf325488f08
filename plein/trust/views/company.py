# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.toasts import toast_later
from plein.trust.actions import (
    change_seat,
    change_team,
    change_workspace,
    invite,
    link_for,
    make_team,
    remove_factor_of,
)
from plein.trust.forms import InviteForm, SeatForm, TeamForm, WorkspaceForm, role_choices
from plein.trust.letters import can_send
from plein.trust.models import CodeApp, Passkey, Role, Seat, Team, TeamMember, User, Workspace
from plein.trust.permissions import may, permit
from plein.trust.proving import ask_for_proof
from plein.trust.seats import seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page

#: Roles that are given only by who proved lately who they are.
RIGHTS = (Role.OWNER, Role.ADMINISTRATOR)


@require_http_methods(["GET", "HEAD", "POST"])
def users(request: HttpRequest) -> HttpResponse:
    """Who has a seat here; invite a colleague."""
    actor = seat_of(request)
    permit(actor, "manage")
    may_own = may(actor, "own")
    if request.method != "POST":
        return _user_page(request, InviteForm(may_own=may_own, initial={"language": actor.user.language}))
    form = InviteForm(request.POST, may_own=may_own)
    if not form.is_valid():
        return _user_page(request, form, status=UNPROCESSABLE)
    if form.cleaned_data["role"] in RIGHTS and (asked := ask_for_proof(request)):
        return asked
    seat, link = invite(actor=actor, **form.cleaned_data)
    return _user_page(request, InviteForm(may_own=may_own), invited=seat.user, link=link, is_mailed=can_send())


def _link_words(user: User, is_mailed: bool) -> str:
    """What to do with a link, and how long that can wait."""
    if user.has_usable_password():
        return _("Send it to them: with it they choose another password, once, within an hour. It is not shown again.")
    if is_mailed:
        return _("It is on its way to them by mail, too. It works once, within a week, and is not shown again.")
    return _("Send it to them: it works once, within a week, and is not shown again.")


def _user_page(
    request: HttpRequest,
    form: InviteForm,
    *,
    status: int = 200,
    invited: User | None = None,
    link: str | None = None,
    is_mailed: bool = False,
    refusal: str = "",
) -> HttpResponse:
    has_factor = Exists(CodeApp.objects.filter(user=OuterRef("user"))) | Exists(
        Passkey.objects.filter(user=OuterRef("user"))
    )
    seats = Seat.objects.select_related("user").annotate(has_factor=has_factor)
    seats = seats.order_by("-is_active", "user__name", "id")
    context: dict[str, Any] = {
        "form": form,
        "seats": seats,
        "roles": role_choices(may_own=True),
        "may_own": may(seat_of(request), "own"),
        "own_seat": seat_of(request).seat_id,
        "invited": invited,
        "link": request.build_absolute_uri(link) if link else "",
        "link_words": _link_words(invited, is_mailed) if invited and link else "",
        "refusal": refusal,
    }
    return settings_page(request, "trust/users.html", context, status)


@require_POST
def user_change(request: HttpRequest, seat: UUID) -> HttpResponse:
    """Another role, or suspended."""
    actor = seat_of(request)
    permit(actor, "manage")
    colleague = get_object_or_404(Seat.objects.select_related("user"), id=seat)
    form = SeatForm(request.POST, may_own=may(actor, "own"))
    if not form.is_valid():
        return _user_page(
            request, InviteForm(may_own=False), status=UNPROCESSABLE, refusal=_("Choose one of the roles.")
        )
    if asked := ask_for_proof(request):
        return asked
    try:
        change_seat(actor=actor, seat=colleague, **form.cleaned_data)
    except ValueError as refused:
        return _user_page(request, InviteForm(may_own=False), status=UNPROCESSABLE, refusal=str(refused))
    toast_later(request, _("Saved. It counts from the next page %(name)s opens.") % {"name": colleague.user.name})
    return redirect("trust:users")


@require_POST
def user_link(request: HttpRequest, seat: UUID) -> HttpResponse:
    """A fresh one-time link for a colleague, shown once."""
    actor = seat_of(request)
    permit(actor, "manage")
    colleague = get_object_or_404(Seat.objects.select_related("user"), id=seat)
    if asked := ask_for_proof(request):
        return asked
    link = link_for(actor=actor, seat=colleague)
    return _user_page(request, InviteForm(may_own=may(actor, "own")), invited=colleague.user, link=link)


@require_POST
def user_factor_remove(request: HttpRequest, seat: UUID) -> HttpResponse:
    """Take away the second step of a colleague who lost it."""
    actor = seat_of(request)
    permit(actor, "own")
    colleague = get_object_or_404(Seat.objects.select_related("user"), id=seat)
    if asked := ask_for_proof(request):
        return asked
    try:
        remove_factor_of(actor=actor, seat=colleague)
    except ValueError as refused:
        return _user_page(request, InviteForm(may_own=True), status=UNPROCESSABLE, refusal=str(refused))
    words = _("The second step of %(name)s is gone. They were signed out and set up a new one.")
    toast_later(request, words % {"name": colleague.user.name})
    return redirect("trust:users")


def _colleagues() -> list[tuple[str, str]]:
    seats = Seat.objects.filter(is_active=True).exclude(role=Role.GUEST).select_related("user").order_by("user__name")
    return [(str(seat.id), str(seat.user)) for seat in seats]


@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """The teams and who is in them; start one."""
    actor = seat_of(request)
    permit(actor, "manage")
    colleagues = _colleagues()
    form = TeamForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        if asked := ask_for_proof(request):
            return asked
        make_team(actor=actor, name=form.cleaned_data["name"], seats=map(UUID, form.cleaned_data["seats"]))
        toast_later(request, _("The team is there. Its members can now keep things to the team."))
        return redirect("trust:teams")
    members: dict[UUID, list[str]] = {}
    for team, seat in TeamMember.objects.values_list("team_id", "seat_id"):
        members.setdefault(team, []).append(str(seat))
    names = dict(colleagues)
    rows = [
        {
            "team": team,
            "names": [names[seat] for seat in members.get(team.id, []) if seat in names],
            "form": TeamForm(
                initial={"name": team.name, "seats": members.get(team.id, [])},
                colleagues=colleagues,
                auto_id=f"team_{team.id}_%s",
            ),
        }
        for team in Team.objects.order_by("name", "id")
    ]
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return settings_page(request, "trust/teams.html", {"form": form, "rows": rows}, status)


@require_POST
def team_change(request: HttpRequest, team: UUID) -> HttpResponse:
    """Rename a team or change its members."""
    actor = seat_of(request)
    permit(actor, "manage")
    found = get_object_or_404(Team.objects, id=team)
    form = TeamForm(request.POST, colleagues=_colleagues())
    if not form.is_valid():
        return settings_page(request, "trust/team.html", {"form": form, "team": found}, UNPROCESSABLE)
    if asked := ask_for_proof(request):
        return asked
    change_team(actor=actor, team=found, name=form.cleaned_data["name"], seats=map(UUID, form.cleaned_data["seats"]))
    toast_later(request, _("Saved. Who left the team sees its things no longer."))
    return redirect("trust:teams")


@require_http_methods(["GET", "HEAD", "POST"])
def workspace(request: HttpRequest) -> HttpResponse:
    """What the company is called, where it is, which domains are ours."""
    actor = seat_of(request)
    permit(actor, "manage")
    present = Workspace.objects.get(id=actor.workspace_id)
    known = {"name": present.name, "country": present.country, "domains": "\n".join(present.domains)}
    known["second_factor"] = present.second_factor if present.second_factor == "everyone" else "administrators"
    form = WorkspaceForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["second_factor"]
        if wanted not in ("", known["second_factor"]) and (asked := ask_for_proof(request)):
            return asked
        change_workspace(actor=actor, **form.cleaned_data)
        toast_later(request, _("Saved."))
        return redirect("trust:workspace")
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return settings_page(request, "trust/workspace.html", {"form": form, "workspace": present}, status)
