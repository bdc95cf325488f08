# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does so that another program is told what happens here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core import outside, web_client
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.hooks.events import TellingWanted
from plein.hooks.keys import forget_secret, make_secret, secrets_of
from plein.hooks.models import OutHook, Telling
from plein.hooks.refusals import CannotHook
from plein.hooks.saying import trial
from plein.hooks.telling import send
from plein.hooks.vocabulary import Happening, OutState, TellingState
from plein.hooks.watching import last_change
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance

MOST_OUT = 50


@dataclass(frozen=True, slots=True)
class OutFacts:
    """A program that is to be told, as an administrator describes it."""

    name: str
    url: str
    happenings: tuple[str, ...]
    is_wide_only: bool = True
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """A program that is told, with the secret that is shown once."""

    hook: OutHook
    secret: str


def add_out_hook(*, actor: Entrance, facts: OutFacts) -> Promised:
    """Tell a program from now on what happens here; raises CannotHook."""
    permit(actor, "manage")
    require_proof(actor)
    if OutHook.objects.count() >= MOST_OUT:
        raise CannotHook(_("Very many programs are told already. Remove those that need it no more first."))
    hook = OutHook.objects.create(seat_id=actor.seat_id, cursor=last_change(), **_checked(facts))
    audit("add_out_hook", kind="setting", about=hook.id)
    return Promised(hook, make_secret(hook))


def change_out_hook(*, actor: Entrance, hook: OutHook, facts: OutFacts) -> OutHook:
    """Tell a program something else, or at another address; raises CannotHook."""
    permit(actor, "manage")
    require_proof(actor)
    values = _checked(facts)
    # What one administrator promised in their own name is not read through another's eyes by changing it.
    OutHook.objects.filter(id=hook.id).update(**values, seat_id=actor.seat_id)
    audit("change_out_hook", kind="setting", about=hook.id)
    return _fresh(hook)


def renew_out_secret(*, actor: Entrance, hook: OutHook) -> Promised:
    """Sign with a fresh secret; for a day the one before signs too."""
    permit(actor, "manage")
    require_proof(actor)
    audit("renew_out_hook", kind="setting", about=hook.id)
    return Promised(hook, make_secret(hook))


def rest_out_hook(*, actor: Entrance, hook: OutHook) -> None:
    """Tell a program nothing for now; what happens meanwhile is told afterwards."""
    permit(actor, "manage")
    OutHook.objects.filter(id=hook.id).update(state=OutState.RESTS)


def resume_out_hook(*, actor: Entrance, hook: OutHook) -> None:
    """Tell a program again, also what waited, and try at once."""
    permit(actor, "manage")
    OutHook.objects.filter(id=hook.id).update(
        state=OutState.OPEN, problem="", failures=0, failing_since=None, next_try_at=None
    )
    publish(TellingWanted(hook.id))


def tell_again(*, actor: Entrance, hook: OutHook, telling_id: UUID | None = None) -> int:
    """Send a message again under its own identifier, or all that were given up. Returns how many."""
    permit(actor, "manage")
    found = Telling.objects.filter(hook_id=hook.id)
    found = found.filter(state=TellingState.FAILED) if telling_id is None else found.filter(id=telling_id)
    count = found.update(state=TellingState.WAITING, attempts=0, next_try_at=now(), done_at=None)
    OutHook.objects.filter(id=hook.id).update(next_try_at=None)
    publish(TellingWanted(hook.id))
    return count


def try_out_hook(*, actor: Entrance, hook: OutHook) -> str:
    """Send a message that says nothing; returns what was wrong, or "" when it arrived."""
    permit(actor, "manage")
    _status, words, _wait = send(hook.url, f"msg_{new_id()}", trial(), secrets_of(hook), inside=hook.is_inside)
    return words


def remove_out_hook(*, actor: Entrance, hook: OutHook) -> None:
    """Tell a program nothing any more, and forget its secret."""
    permit(actor, "manage")
    forget_secret(hook)
    OutHook.objects.filter(id=hook.id).delete()
    audit("remove_out_hook", kind="setting", about=hook.id)


def _checked(facts: OutFacts) -> dict[str, object]:
    if not facts.name.strip():
        raise CannotHook(_("Give it a name by which you know it."), "name")
    try:
        parts = web_client.split(facts.url.strip())
    except outside.NotAllowed as trouble:
        raise CannotHook(str(trouble), "url") from trouble
    if parts.scheme != "https" and not facts.is_inside:
        raise CannotHook(_("What happens here only leaves by https. Write the address with https."), "url")
    if not facts.happenings or not set(facts.happenings) <= set(Happening.values):
        raise CannotHook(_("Choose what it is told."), "happenings")
    return {
        "name": facts.name.strip()[:120],
        "url": facts.url.strip()[:1000],
        "happenings": _in_order(facts.happenings),
        "is_wide_only": facts.is_wide_only,
        "is_inside": facts.is_inside,
    }


def _in_order(happenings: Iterable[str]) -> list[str]:
    wanted = set(happenings)
    return [one for one in Happening.values if one in wanted]


def _fresh(hook: OutHook) -> OutHook:
    found: OutHook = OutHook.objects.get(id=hook.id)
    return found
