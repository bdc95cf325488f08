# SPDX-License-Identifier: AGPL-3.0-or-later
import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import Context, current, no_workspace, workspace_context, workspace_id
from plein.core.models import Change, Operation
from plein.core.operations import CannotUndo, UndoResult, operation, undo
from plein.trust.circles import circle_of_team
from plein.trust.events import ColleagueRenamed, SeatGiven
from plein.trust.models import ApiToken, Circle, OneTimeLink, Role, Seat, Team, TeamMember, User, Workspace
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered

LINK_LIFETIME = timedelta(hours=24)
TOKEN_PREFIX = "plein_"  # noqa: S105 — a prefix that secret scanners can recognise, not a secret


def digest_of(secret: str) -> str:
    """How a link or a token is kept: as a hash; both have at least 128 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


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
    with entered(user, workspace, door="setup"), operation("give_seat"):
        publish(SeatGiven(seat.id))
    return seat


def make_one_time_link(*, user: User) -> str:
    """A path that signs this user in, once, within a day. Only its hash is kept."""
    with no_workspace("make a link"):
        secret = secrets.token_urlsafe(32)
        OneTimeLink.objects.create(digest=digest_of(secret), user=user, expires_at=now() + LINK_LIFETIME)
        return f"/sign-in/{secret}/"


def take_one_time_link(secret: str) -> User | None:
    """The user of a link that is still good; the link is spent by this."""
    with no_workspace("take a link"), transaction.atomic():
        link = (
            OneTimeLink.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now(), user__is_active=True)
            .first()
        )
        if link is None:
            return None
        OneTimeLink.objects.filter(id=link.id).update(used_at=now())
        return link.user


def link_is_good(secret: str) -> bool:
    """Whether a link could still sign somebody in; asking does not spend it."""
    with no_workspace("look at a link"):
        return OneTimeLink.objects.filter(
            digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now(), user__is_active=True
        ).exists()


def make_token(*, user: User, workspace: int, scope: str, lifetime: timedelta | None = None) -> str:
    """A token for the REST door; it is shown once, only its hash is kept."""
    with no_workspace("make a token"):
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        ApiToken.objects.create(
            digest=digest_of(secret),
            prefix=secret[:12],
            user=user,
            into_workspace=workspace,
            scope=scope,
            expires_at=now() + lifetime if lifetime else None,
        )
        return secret


def find_token(secret: str) -> ApiToken | None:
    """The token behind a secret, if it is still good."""
    with no_workspace("find a token"):
        tokens = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at__isnull=True)
        token = tokens.first()
        if token is None or not token.user.is_active or (token.expires_at is not None and token.expires_at <= now()):
            return None
        if token.last_used_at is None or token.last_used_at < now() - timedelta(minutes=5):
            ApiToken.objects.filter(id=token.id).update(last_used_at=now())
        return token


def revoke_token(*, actor: Entrance, token_id: UUID) -> None:
    """Make a token of one's own useless at once."""
    ApiToken.objects.filter(id=token_id, user=actor.user).update(revoked_at=now())


def invite(*, actor: Entrance, email: str, name: str, role: str, language: str = "nl") -> tuple[Seat, str | None]:
    """Give a colleague a seat; returns it with the path of the one-time link to send them.

    Somebody who works in another workspace too gets no link: it would sign the inviter in there.
    """
    permit(actor, "manage")
    if role == Role.OWNER:
        permit(actor, "own")
    user = make_user(email=email, name=name, language=language)
    with operation("invite"):
        seat, made = Seat.objects.get_or_create(user=user, defaults={"role": role})
        publish(SeatGiven(seat.id))
    if not made or works_elsewhere(user, seat.workspace_id):
        return seat, None
    return seat, make_one_time_link(user=user)


def works_elsewhere(user: User, here: int) -> bool:
    """Whether a user has a seat in another workspace than this one."""
    with workspace_context(Context(workspace_id=None, user_id=user.id, door="setup")), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM trust_seat WHERE user_id = %s AND workspace_id <> %s LIMIT 1", [user.id, here])
        return cursor.fetchone() is not None


def link_for(*, actor: Entrance, seat: Seat) -> str | None:
    """A fresh one-time link for a colleague who cannot get in; None when it would open another workspace too."""
    permit(actor, "manage")
    if seat.role == Role.OWNER:
        permit(actor, "own")
    return None if works_elsewhere(seat.user, seat.workspace_id) else make_one_time_link(user=seat.user)


def change_seat(*, actor: Entrance, seat: Seat, role: str, is_active: bool) -> Seat:
    """Change what a colleague may do, or suspend them; effective on their next request."""
    permit(actor, "manage")
    if Role.OWNER in (role, seat.role):
        permit(actor, "own")
    is_last = not Seat.objects.filter(role=Role.OWNER, is_active=True).exclude(id=seat.id).exists()
    if seat.role == Role.OWNER and is_last and (role != Role.OWNER or not is_active):
        raise ValueError(_("A workspace needs an owner: make somebody else owner first."))
    with operation("change_seat"):
        Seat.objects.filter(id=seat.id).update(role=role, is_active=is_active)
    seat.refresh_from_db()
    return seat


def make_team(*, actor: Entrance, name: str, seats: Iterable[UUID]) -> Team:
    """Start a team with these colleagues, and its circle."""
    permit(actor, "manage")
    with operation("make_team"):
        team = Team.objects.create(name=name)
        TeamMember.objects.bulk_create([TeamMember(team=team, seat_id=seat) for seat in seats])
        circle_of_team(team)
    return team


def change_team(*, actor: Entrance, team: Team, name: str, seats: Iterable[UUID]) -> Team:
    """Rename a team, or change who is in it; who left sees its circle no longer on the next request."""
    permit(actor, "manage")
    wanted = set(seats)
    with operation("change_team"):
        if team.name != name:
            Team.objects.filter(id=team.id).update(name=name)
        present = set(TeamMember.objects.filter(team=team).values_list("seat_id", flat=True))
        TeamMember.objects.filter(team=team, seat_id__in=present - wanted).delete()
        TeamMember.objects.bulk_create([TeamMember(team=team, seat_id=seat) for seat in wanted - present])
    team.refresh_from_db()
    return team


def undo_operation(*, actor: Entrance, operation_id: UUID) -> UndoResult:
    """Turn an operation back: one's own, or anybody's when one leads; raises CannotUndo."""
    found = Operation.objects.filter(id=operation_id).first()
    if found is None:
        raise CannotUndo("unknown")
    permit(actor, "write")
    if found.seat_id != actor.seat_id:
        permit(actor, "undo_others")
    _permit_managing(actor, operation_id)
    return turn_back(operation_id)


def _permit_managing(actor: Entrance, operation_id: UUID) -> None:
    """Raise PermissionDenied for who could not have done this to seats and teams: turning back is doing, too."""
    rows = Change.objects.filter(operation_id=operation_id, table_name__startswith="trust_")
    touched = set(rows.values_list("table_name", "row_id", "before__role", "after__role"))
    if not touched:
        return
    permit(actor, "manage")
    seats = {row for table, row, _before, _after in touched if table == Seat._meta.db_table}
    was_owner = any(Role.OWNER in roles for _table, _row, *roles in touched)
    if was_owner or Seat.objects.filter(id__in=seats, role=Role.OWNER).exists():
        permit(actor, "own")


def turn_back(operation_id: UUID) -> UndoResult:
    """Turn an operation back, unless that would leave a workspace without an owner; raises CannotUndo."""
    with transaction.atomic():
        result = undo(operation_id)
        if not Seat.objects.filter(role=Role.OWNER, is_active=True).exists():
            raise CannotUndo("owner")
    return result


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


def change_workspace(*, actor: Entrance, name: str, country: str, domains: list[str]) -> None:
    """Change what the workspace is called, the country of its phone numbers, and which domains are our own."""
    permit(actor, "manage")
    with operation("change_workspace"):
        Workspace.objects.filter(id=workspace_id()).update(
            name=name, country=country, domains=sorted({domain.strip().lower() for domain in domains if domain.strip()})
        )


def change_profile(*, user: User, **changes: str | bool) -> None:
    """Change how a user is called and how Plein looks to them."""
    unknown = changes.keys() - {"name", "language", "time_zone", "start_page", "theme", "has_keys"}
    if unknown:
        raise TypeError(f"not part of a profile: {unknown}")
    User.objects.filter(id=user.id).update(**changes)
    here = current().seat_id
    if "name" in changes and here is not None:
        publish(ColleagueRenamed(here))


def change_password(*, user: User, password: str) -> User:
    """Give a user another password; every session that was opened with the old one is over."""
    user.set_password(password)
    User.objects.filter(id=user.id).update(password=user.password)
    return user


def welcome_user(*, actor: Entrance, name: str, password: str = "", company: str = "", country: str = "") -> User:
    """Keep what somebody told at their first sign-in."""
    user = actor.user
    User.objects.filter(id=user.id).update(name=name)
    user.name = name
    publish(ColleagueRenamed(actor.seat_id))
    if password:
        change_password(user=user, password=password)
    if company:
        workspace = Workspace.objects.get(id=actor.workspace_id)
        change_workspace(actor=actor, name=company, country=country or workspace.country, domains=workspace.domains)
    return user
