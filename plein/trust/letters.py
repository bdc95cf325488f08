# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letters of the house: a way in, for somebody whom it is meant for. Whoever has a mail server carries them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from plein.trust.models import User


@dataclass(frozen=True, slots=True)
class HouseLetter:
    """What somebody is to read; it holds a way in, so nobody else should."""

    to: str
    subject: str
    text: str


type CanCarry = Callable[[], bool]
type Carry = Callable[[HouseLetter], bool]

_carriers: list[tuple[CanCarry, Carry]] = []


def carried_by(can_carry: CanCarry, carry: Carry) -> None:
    """Name who carries letters for the workspace in force. Only `plein/subscriptions.py` calls this."""
    _carriers[:] = [(can_carry, carry)]


def can_send() -> bool:
    """Whether the workspace in force has a mail server."""
    return any(can_carry() for can_carry, _carry in _carriers)


def send(letter: HouseLetter) -> bool:
    """Hand a letter over, in a job; False when nobody took it."""
    return any(carry(letter) for _can_carry, carry in _carriers)


def whole_address(path: str) -> str:
    """A path as somebody opens it from a letter: never with a host that a visitor named."""
    return settings.PLEIN_URL.rstrip("/") + path


def _text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def reset_letter(user: User, path: str) -> HouseLetter:
    """How to choose another password."""
    with translation.override(user.language):
        text = _text(
            _("Hello %(name)s,") % {"name": user.name},
            _("Somebody, probably you, asked for another password. Choose it here, within an hour:"),
            whole_address(path),
            _("The link works once. If it was not you, you need not do anything: your password stays as it is."),
        )
        return HouseLetter(user.email, _("Choose another password for Plein"), text)


def invitation_letter(user: User, *, inviter: str, workspace: str, path: str | None) -> HouseLetter:
    """How to come in for the first time, or where somebody has a seat now who has a way in already."""
    names = {"inviter": inviter, "workspace": workspace}
    with translation.override(user.language):
        subject = _("%(inviter)s invites you to %(workspace)s on Plein") % names
        hello = _("Hello %(name)s,") % {"name": user.name}
        if path is None:
            there = _("You have a seat in %(workspace)s now. Sign in as you already do:") % names
            return HouseLetter(user.email, subject, _text(hello, there, whole_address("/")))
        what = _("In Plein the people of %(workspace)s keep whom they know and what was said.") % names
        begin = _("Begin here, within a week. The link works once and is yours alone:")
        return HouseLetter(user.email, subject, _text(hello, what, begin, whole_address(path)))


def removed_factor_letter(user: User, *, by: str, workspace: str) -> HouseLetter:
    """That a password alone lets them in again, and who saw to that."""
    with translation.override(user.language):
        text = _text(
            _("Hello %(name)s,") % {"name": user.name},
            _("%(by)s took your second step in %(workspace)s away, so that you can sign in again.")
            % {"by": by, "workspace": workspace},
            _("You were signed out everywhere. Sign in and set up a new second step, under Security:"),
            whole_address("/settings/security/"),
            _("Did you not ask for this? Tell %(by)s at once, and choose another password.") % {"by": by},
        )
        return HouseLetter(user.email, _("Your second step was taken away"), text)
