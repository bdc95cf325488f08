# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells other programs: each message at least once, under one identifier, later when it did not arrive."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.live import Trouble
from plein.channels.net import OutsideNet
from plein.core.events import publish
from plein.core.ids import now
from plein.hooks.events import OutHookStopped
from plein.hooks.keys import secrets_of
from plein.hooks.models import OutHook, Telling
from plein.hooks.saying import said
from plein.hooks.signing import signature
from plein.hooks.vocabulary import OutState, TellingState
from plein.hooks.watching import watch
from plein.moments.hearing.backing_off import pause_after
from plein.trust.models import User
from plein.trust.permissions import may
from plein.trust.seats import entered

SECONDS, MOST_BYTES = 15.0, 100_000
#: After how many seconds a message is tried again; after the last it is given up, and can be sent again by hand.
WAITS = (5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000, 86_400)
#: A program that could not be told anything for so long is told no more until somebody looks.
PATIENCE = timedelta(days=3)
GONE = 410
#: So many messages leave in one turn of a job; the next turn has the rest.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Leaving:
    telling: UUID
    name: str
    url: str
    is_inside: bool
    body: bytes
    secrets: tuple[str, ...]


@dataclass
class Teller:
    """One worker's turn at telling one program."""

    user: User
    workspace: int
    hook_id: UUID
    door: str = "worker"
    should_stop: Callable[[], bool] = lambda: False

    def run(self) -> int:
        """Look what happened, and tell it; returns how many messages left."""
        while self._watch():
            if self.should_stop():
                return 0
        told = 0
        while told < MOST_AT_ONCE and not self.should_stop():
            leaving = self._next()
            if leaving is None:
                return told
            if not self._tell(leaving):
                return told
            told += 1
        return told

    def _watch(self) -> bool:
        with entered(self.user, self.workspace, door=self.door) as actor:
            hook = OutHook.objects.select_for_update().filter(id=self.hook_id).first()
            return hook is not None and may(actor, "manage") and watch(hook)

    def _next(self) -> _Leaving | None:
        """The next message that is due; what cannot be said any more is passed over."""
        while True:
            with entered(self.user, self.workspace, door=self.door) as actor:
                hook = OutHook.objects.filter(id=self.hook_id, state=OutState.OPEN).first()
                if hook is None or not may(actor, "manage") or (hook.next_try_at and hook.next_try_at > now()):
                    return None
                waiting = Telling.objects.filter(hook=hook, state=TellingState.WAITING, next_try_at__lte=now())
                one = waiting.order_by("next_try_at", "id").first()
                if one is None:
                    return None
                body = said(hook, one)
                if body is not None:
                    return _Leaving(one.id, f"msg_{one.id}", hook.url, hook.is_inside, body, secrets_of(hook))
                Telling.objects.filter(id=one.id).update(state=TellingState.DROPPED, done_at=now())

    def _tell(self, leaving: _Leaving) -> bool:
        """Hand a message over while no transaction is open; returns whether the next may follow at once."""
        status, words, wait = send(leaving.url, leaving.name, leaving.body, leaving.secrets, inside=leaving.is_inside)
        with entered(self.user, self.workspace, door=self.door):
            hook = OutHook.objects.select_for_update().filter(id=self.hook_id).first()
            one = Telling.objects.filter(id=leaving.telling).first()
            if hook is None or one is None:
                return False
            one.attempts += 1
            one.status, one.problem = status, words[:500]
            if status is not None and 200 <= status < 300:
                _arrived(hook, one)
                return True
            _missed(hook, one, wait)
        return False


def send(
    url: str, name: str, body: bytes, secrets: tuple[str, ...], *, inside: bool = False
) -> tuple[int | None, str, float | None]:
    """Send one message, signed; the status of the answer, what was wrong, and when to come back if they say."""
    stamp = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signature(one, name, stamp, body) for one in secrets),
    }
    try:
        with OutsideNet(may_be_inside=inside) as net:
            reply = net.ask("POST", url, headers=headers, body=body, most_bytes=MOST_BYTES, timeout=SECONDS)
    except Trouble as trouble:
        return None, str(trouble), trouble.retry_after
    if 200 <= reply.status < 300:
        return reply.status, "", None
    return reply.status, _("It answered %(status)s.") % {"status": reply.status}, None


def _arrived(hook: OutHook, one: Telling) -> None:
    one.state, one.done_at = TellingState.DONE, now()
    one.save()
    OutHook.objects.filter(id=hook.id).update(
        failures=0, failing_since=None, problem="", next_try_at=None, reached_at=now()
    )


def _missed(hook: OutHook, one: Telling, wait: float | None) -> None:
    """Try later: this message by its own count, the program by how long it could not be told anything."""
    if one.attempts > len(WAITS):
        one.state, one.done_at = TellingState.FAILED, now()
    else:
        later = WAITS[one.attempts - 1] * random.uniform(0.75, 1.25)  # noqa: S311 - so that not all come back at once
        one.next_try_at = now() + timedelta(seconds=max(later, wait or 0.0))
    one.save()
    hook.failures, hook.problem = hook.failures + 1, one.problem
    hook.failing_since = hook.failing_since or now()
    hook.next_try_at = now() + pause_after(hook.failures, wait)
    if one.status == GONE or hook.failing_since < now() - PATIENCE:
        hook.state = OutState.STOPPED
        publish(OutHookStopped(hook.id))
    hook.save()
