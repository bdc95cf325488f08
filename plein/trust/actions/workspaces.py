# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starting workspaces, and who gets a seat from outside them."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.isolation import Context, no_workspace, workspace_context, workspace_id
from plein.core.operations import operation
from plein.trust.actions.links import make_one_time_link
from plein.trust.events import SeatGiven
from plein.trust.models import Circle, Role, Seat, User, Workspace
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance, entered

#: The choice that everybody has a second step; any other asks it of who manages.
EVERYONE = "everyone"


def make_workspace(*, name: str, country: str = "NL") -> Workspace:
    """Start a workspace: nobody has a seat in it yet."""
    with transaction.atomic(), no_workspace("make a workspace"), connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('trust_workspace', 'id'))")
        row = cursor.fetchone()
        new = int(row[0]) if row else 0
        with workspace_context(Context(workspace_id=new, door="setup")):
            workspace = Workspace.objects.create(id=new, name=name, country=country)
            Circle.objects.create(workspace_id=new, kind="everyone", key="everyone", parts=[])
        return workspace


def make_user(*, email: str, name: str, language: str = "nl") -> User:
    """Make somebody who can sign in, or find them by their address."""
    with no_workspace("make a user"):
        user, _made = User.objects.get_or_create(
            email=email.strip().lower(), defaults={"name": name, "language": language, "password": "!"}
        )
        return user


def give_seat(*, workspace: int, user: User, role: str, title: str = "") -> Seat:
    """Give a user a place in a workspace, from outside it (setting up; administrators use `invite`)."""
    with workspace_context(Context(workspace_id=workspace, user_id=user.id, door="setup")), operation("give_seat"):
        seat, made = Seat.objects.get_or_create(user=user, defaults={"role": role, "title": title})
        if not made and (seat.role != role or not seat.is_active):
            Seat.objects.filter(id=seat.id).update(role=role, is_active=True)
            seat.refresh_from_db()
        audit("give_seat", kind="seat", about=seat.id, role=seat.role)
    with entered(user, workspace, door="setup"), operation("give_seat"):
        publish(SeatGiven(seat.id))
    return seat


def ensure_first_workspace(
    *, name: str = "", email: str = "owner@localhost.localdomain"
) -> tuple[Workspace, str, str | None]:
    """The workspace of this Plein, made when there is none yet, with its owner.

    Returns it with the owner's address and the path of a fresh one-time link, or None when the owner has a password.
    """
    with no_workspace("first start"):
        owner = User.objects.order_by("created_at", "id").first()
    if owner is None:
        workspace = make_workspace(name=name or _("My company"))
        owner = make_user(email=email, name=_("Owner"))
        give_seat(workspace=workspace.id, user=owner, role=Role.OWNER)
    else:
        workspace = workspace_of(owner)
    fresh = None if owner.has_usable_password() else make_one_time_link(user=owner)
    return workspace, owner.email, fresh


def workspace_of(user: User) -> Workspace:
    """The workspace of a user's oldest seat."""
    with workspace_context(Context(workspace_id=None, user_id=user.id, door="setup")), connection.cursor() as cursor:
        statement = "SELECT workspace_id FROM trust_seat WHERE user_id = %s AND is_active ORDER BY id LIMIT 1"
        cursor.execute(statement, [user.id])
        row = cursor.fetchone()
        if row is None:
            raise LookupError(_("%(user)s has no seat in any workspace.") % {"user": user.email})
        with workspace_context(Context(workspace_id=row[0], user_id=user.id, door="setup")):
            return Workspace.objects.get(id=row[0])


def change_workspace(*, actor: Entrance, name: str, country: str, domains: list[str], second_factor: str = "") -> None:
    """Change what it is called, the country of its phone numbers, which domains are our own, and who proves twice."""
    permit(actor, "manage")
    proofs = {"second_factor": second_factor} if second_factor else {}
    if proofs and (second_factor == EVERYONE) != Workspace.objects.filter(second_factor=EVERYONE).exists():
        require_proof(actor)
    with operation("change_workspace"):
        Workspace.objects.filter(id=workspace_id()).update(
            name=name,
            country=country,
            domains=sorted({domain.strip().lower() for domain in domains if domain.strip()}),
            **proofs,
        )


def works_elsewhere(user: User, here: int) -> bool:
    """Whether a user has a seat in another workspace than this one."""
    with workspace_context(Context(workspace_id=None, user_id=user.id, door="setup")), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM trust_seat WHERE user_id = %s AND workspace_id <> %s LIMIT 1", [user.id, here])
        return cursor.fetchone() is not None
