# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with a hook: make it, say what its calls mean, let it rest, remove it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.models import Policy
from plein.core.audit import audit
from plein.core.events import publish
from plein.hooks.events import DeliveryTaken
from plein.hooks.mapping import guess
from plein.hooks.models import Delivery, Hook, HookAddress
from plein.hooks.payloads import LARGEST_BODY, NotAPayload, payload_of
from plein.hooks.refusals import CannotHook
from plein.hooks.signing import new_secret
from plein.hooks.taking import sealed_about
from plein.hooks.vocabulary import WHO, DeliveryState, Place, Preset, Signing
from plein.trust import secret_box
from plein.trust.actions.links import digest_of
from plein.trust.circles import circle_for_new
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance

MOST_HOOKS = 100
SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class HookFacts:
    """A hook as an administrator describes it; `secret` is one that the other side gave, if it did."""

    name: str
    preset: str = str(Preset.TELEPHONE)
    signing: str = str(Signing.STANDARD)
    policy: str = str(Policy.NOBODY)
    circle: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A hook with what is shown once: the secret part of its address, and the secret to sign with ("" for none)."""

    hook: Hook
    path: str
    secret: str


def add_hook(*, actor: Entrance, facts: HookFacts) -> Opened:
    """Make an address at which a program may tell us something; raises CannotHook."""
    permit(actor, "manage")
    require_proof(actor)
    if Hook.objects.count() >= MOST_HOOKS:
        raise CannotHook(_("There are very many hooks already. Remove those that nobody uses first."))
    _check(facts)
    hook = Hook.objects.create(
        seat_id=actor.seat_id,
        circle_id=circle_for_new(facts.circle),
        name=facts.name.strip()[:120],
        preset=facts.preset,
        signing=facts.signing,
        policy=facts.policy,
    )
    opened = _open(actor, hook, facts.secret.strip())
    audit("add_hook", kind="setting", about=hook.id)
    return opened


def renew_hook(*, actor: Entrance, hook: Hook, secret: str = "") -> Opened:
    """Give a hook a new address and a new secret, looked after by whoever asks; the old ones are useless at once."""
    permit(actor, "manage")
    require_proof(actor)
    _check_secret(hook.signing, secret)
    HookAddress.objects.filter(hook_id=hook.id).delete()
    Hook.objects.filter(id=hook.id).update(seat_id=actor.seat_id, is_open=True)
    audit("renew_hook", kind="setting", about=hook.id)
    return _open(actor, hook, secret.strip())


def change_hook(*, actor: Entrance, hook: Hook, name: str, policy: str) -> Hook:
    """Call a hook otherwise, or choose anew who becomes a person; raises CannotHook."""
    permit(actor, "manage")
    _check(HookFacts(name, hook.preset, hook.signing, policy))
    Hook.objects.filter(id=hook.id).update(name=name.strip()[:120], policy=policy)
    audit("change_hook", kind="setting", about=hook.id)
    return _fresh(hook)


def set_example(*, actor: Entrance, hook: Hook, text: str) -> Hook:
    """Keep an example of a call to point at, with a guess where nothing was pointed at yet; raises CannotHook."""
    permit(actor, "manage")
    body = text.strip().encode()
    try:
        if len(body) > LARGEST_BODY:
            raise NotAPayload
        example = payload_of(body, "application/json")
    except NotAPayload as trouble:
        raise CannotHook(_("Paste one whole call in JSON, from the first { to the last }."), "text") from trouble
    Hook.objects.filter(id=hook.id).update(example=example, mapping=hook.mapping or guess(example, hook.preset))
    return _fresh(hook)


def point_at(*, actor: Entrance, hook: Hook, mapping: Mapping[str, str]) -> Hook:
    """Say at which value of a call each of our words is; what waits is taken in. Raises CannotHook."""
    permit(actor, "manage")
    wanted = {place: pointer for place, pointer in mapping.items() if pointer}
    if not set(wanted) <= set(Place.values) or any(
        not one.startswith("/") or len(one) > 500 for one in wanted.values()
    ):
        raise CannotHook(_("Point at a value of the example."), "mapping")
    if not any(place in wanted for place in WHO):
        raise CannotHook(
            _("Point at their telephone number or their e-mail address: without one it is nobody's."), "mapping"
        )
    Hook.objects.filter(id=hook.id).update(mapping=wanted)
    audit("change_hook", kind="setting", about=hook.id)
    publish(DeliveryTaken(hook.id))
    return _fresh(hook)


def take_again(*, actor: Entrance, hook: Hook, delivery_id: UUID | None = None) -> int:
    """Try once more to take in what was refused: one call, or all of them. Returns how many."""
    permit(actor, "manage")
    refused = Delivery.objects.filter(hook_id=hook.id, state=DeliveryState.REFUSED, payload__isnull=False)
    if delivery_id is not None:
        refused = refused.filter(id=delivery_id)
    count = refused.update(state=DeliveryState.WAITING, reason="", handled_at=None)
    publish(DeliveryTaken(hook.id))
    return count


def close_hook(*, actor: Entrance, hook: Hook) -> None:
    """Let a hook rest: whoever calls is told to come back later."""
    permit(actor, "manage")
    _set_open(hook, is_open=False)


def open_hook(*, actor: Entrance, hook: Hook) -> None:
    """Let a hook that rested take calls again."""
    permit(actor, "manage")
    _set_open(hook, is_open=True)


def remove_hook(*, actor: Entrance, hook: Hook) -> None:
    """Take an address away for good. What it brought in stays."""
    permit(actor, "manage")
    HookAddress.objects.filter(hook_id=hook.id).delete()
    Hook.objects.filter(id=hook.id).delete()
    audit("remove_hook", kind="setting", about=hook.id)


def _open(actor: Entrance, hook: Hook, given: str) -> Opened:
    path = secrets.token_urlsafe(32)
    needs_secret = hook.signing != Signing.ADDRESS
    secret = (given or new_secret()) if needs_secret else ""
    HookAddress.objects.create(
        digest=digest_of(path),
        user=actor.user,
        into_workspace=actor.workspace_id,
        hook_id=hook.id,
        signing=hook.signing,
        sealed=secret_box.seal(sealed_about(hook.id), secret).decode() if secret else "",
    )
    return Opened(hook, path, secret)


def _set_open(hook: Hook, *, is_open: bool) -> None:
    HookAddress.objects.filter(hook_id=hook.id).update(is_open=is_open)
    Hook.objects.filter(id=hook.id).update(is_open=is_open)


def _check(facts: HookFacts) -> None:
    if not facts.name.strip():
        raise CannotHook(_("Give it a name by which you know it."), "name")
    if facts.preset not in Preset.values or facts.signing not in Signing.values:
        raise CannotHook(_("Choose one of these."), "preset" if facts.preset not in Preset.values else "signing")
    if facts.policy not in Policy.values:
        raise CannotHook(_("Choose who becomes a person."), "policy")
    _check_secret(facts.signing, facts.secret)


def _check_secret(signing: str, secret: str) -> None:
    given = secret.strip()
    if not given or signing == Signing.ADDRESS:
        return
    if not SHORTEST_SECRET <= len(given) <= 500 or not given.isascii() or not given.isprintable():
        raise CannotHook(_("A secret has at least 16 letters, digits and signs. Leave it empty to get one."), "secret")


def _fresh(hook: Hook) -> Hook:
    found: Hook = Hook.objects.get(id=hook.id)
    return found
