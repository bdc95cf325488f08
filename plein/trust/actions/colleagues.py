# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has a seat here, in which role and which teams."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.operations import operation
from plein.trust import secret_box
from plein.trust.actions.links import make_one_time_link
from plein.trust.actions.workspaces import make_user, works_elsewhere
from plein.trust.circles import circle_of_team
from plein.trust.events import Invited, SeatGiven
from plein.trust.models import Role, Seat, Team, TeamMember, User, Workspace
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance


def invite(*, actor: Entrance, email: str, name: str, role: str, language: str = "nl") -> tuple[Seat, str | None]:
    """Give a colleague a seat; returns it with the path of the one-time link to send them.

    Somebody who works in another workspace too gets no link: it would sign the inviter in there.
    """
    permit(actor, "manage")
    if role == Role.OWNER:
        permit(actor, "own")
    if role in (Role.OWNER, Role.ADMINISTRATOR):
        require_proof(actor)
    user = make_user(email=email, name=name, language=language)
    if user.last_login is None:
        # Whoever is new here lives where the company is, until they say otherwise.
        User.objects.filter(id=user.id).update(time_zone=Workspace.objects.get().timezone)
    with operation("invite"):
        seat, made = Seat.objects.get_or_create(user=user, defaults={"role": role})
        publish(SeatGiven(seat.id))
        audit("invite", kind="seat", about=seat.id, role=seat.role)
        if not made:
            return seat, None
        is_new = not works_elsewhere(user, seat.workspace_id)
        path = make_one_time_link(user=user, purpose=_purpose(user)) if is_new else None
        publish(Invited(seat.id, secret_box.seal(f"invitation:{seat.id}", path or "").decode()))
    return seat, path


def _purpose(user: User) -> str:
    """What a link for a colleague is for: coming in for the first time, or again."""
    return "reset" if user.has_usable_password() else "invitation"


def link_for(*, actor: Entrance, seat: Seat) -> str | None:
    """A fresh one-time link for a colleague who cannot get in; None when it would open another workspace too."""
    permit(actor, "manage")
    if seat.role == Role.OWNER:
        permit(actor, "own")
    require_proof(actor)
    if works_elsewhere(seat.user, seat.workspace_id):
        return None
    audit("make_link", kind="seat", about=seat.id)
    return make_one_time_link(user=seat.user, purpose=_purpose(seat.user))


def change_seat(*, actor: Entrance, seat: Seat, role: str, is_active: bool) -> Seat:
    """Change what a colleague may do, or suspend them; effective on their next request."""
    permit(actor, "manage")
    if Role.OWNER in (role, seat.role):
        permit(actor, "own")
    require_proof(actor)
    is_last = not Seat.objects.filter(role=Role.OWNER, is_active=True).exclude(id=seat.id).exists()
    if seat.role == Role.OWNER and is_last and (role != Role.OWNER or not is_active):
        raise ValueError(_("A workspace needs an owner: make somebody else owner first."))
    with operation("change_seat"):
        audit("change_seat", kind="seat", about=seat.id, role=role, was=seat.role, active=is_active)
        Seat.objects.filter(id=seat.id).update(role=role, is_active=is_active)
    seat.refresh_from_db()
    return seat


def make_team(*, actor: Entrance, name: str, seats: Iterable[UUID]) -> Team:
    """Start a team with these colleagues, and its circle."""
    permit(actor, "manage")
    require_proof(actor)
    with operation("make_team"):
        team = Team.objects.create(name=name)
        members = list(seats)
        TeamMember.objects.bulk_create([TeamMember(team=team, seat_id=seat) for seat in members])
        circle_of_team(team)
        audit("join_team", kind="seat", about=members, team=team.id)
    return team


def change_team(*, actor: Entrance, team: Team, name: str, seats: Iterable[UUID]) -> Team:
    """Rename a team, or change who is in it; who left sees its circle no longer on the next request."""
    permit(actor, "manage")
    require_proof(actor)
    wanted = set(seats)
    with operation("change_team"):
        if team.name != name:
            Team.objects.filter(id=team.id).update(name=name)
        present = set(TeamMember.objects.filter(team=team).values_list("seat_id", flat=True))
        if gone := present - wanted:
            TeamMember.objects.filter(team=team, seat_id__in=gone).delete()
            audit("leave_team", kind="seat", about=gone, team=team.id)
        if fresh := wanted - present:
            TeamMember.objects.bulk_create([TeamMember(team=team, seat_id=seat) for seat in fresh])
            audit("join_team", kind="seat", about=fresh, team=team.id)
    team.refresh_from_db()
    return team
