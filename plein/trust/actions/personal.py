# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody settles about themselves."""

from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.isolation import current
from plein.trust import sessions
from plein.trust.actions.links import forget_links
from plein.trust.actions.proofs import add_passkey
from plein.trust.actions.workspaces import change_workspace
from plein.trust.events import ColleagueRenamed
from plein.trust.models import User, Workspace
from plein.trust.passkeys import Made
from plein.trust.queries import home_of
from plein.trust.seats import Entrance, entered
from plein.trust.watching import audit_user


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
    forget_links(user)
    audit_user("change_password", user)
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


def join(*, user: User, name: str, language: str, password: str = "", made: Made | None = None) -> list[str]:
    """What somebody chooses who was invited: their name, language, and what they get in with.

    Returns recovery codes when that is a passkey.
    """
    User.objects.filter(id=user.id).update(name=name, language=language)
    user.name, user.language = name, language
    if password:
        change_password(user=user, password=password)
    home = home_of(user)
    if home is not None:
        with entered(user, home) as seat:
            publish(ColleagueRenamed(seat.seat_id))
    return add_passkey(user=user, name=_("My first passkey"), made=made) if made else []


def reset_password(*, user: User, password: str) -> None:
    """Another password for somebody who lost it; they are signed out everywhere."""
    change_password(user=user, password=password)
    sessions.end(user)
