# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what programs tell: looked up by the address they call, checked, and stored, a group in one transaction."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid5

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F

from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.isolation import current, no_workspace, workspace_id
from plein.hooks.events import DeliveryTaken
from plein.hooks.models import Delivery, HookAddress
from plein.hooks.payloads import LARGEST_BODY, NotAPayload, payload_of
from plein.hooks.signing import Call, NotSigned, checked
from plein.hooks.vocabulary import Wrong
from plein.trust import secret_box
from plein.trust.actions.links import digest_of
from plein.trust.rates import COUNTED, seconds_to_wait
from plein.trust.seats import NoSeat, entered
from plein.trust.secret_box import Unopenable

logger = logging.getLogger(__name__)
LONGEST_SECRET = 100
#: So many calls that are not right are looked at, from one place in a minute.
WRONG_A_MINUTE = 60
#: When something was taken in last is written down no more often than this.
NOTED = timedelta(seconds=1)
MOST_QUIET = 10_000
#: In the order of their keys, so that two processes with the same calls wait for each other and not in a ring.
_TAKE = """
INSERT INTO hooks_delivery (id, workspace_id, circle_id, hook_id, key, payload, state, reason, received_at)
SELECT told.id, h.workspace_id, h.circle_id, h.id, told.key, told.payload::jsonb, 'waiting', '', %s
  FROM hooks_hook h, unnest(%s::uuid[], %s::text[], %s::text[]) AS told (id, key, payload)
 WHERE h.workspace_id = %s AND h.id = %s AND h.circle_id = ANY(%s)
 ORDER BY told.key, told.id
    ON CONFLICT (workspace_id, hook_id, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at the door: the secret part of the address that was called, the call, and where it came from."""

    secret: str
    call: Call
    content_type: str
    came_from: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that is stored, for good; `is_new` is false when it had come before."""

    is_new: bool


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A call that is not taken: why, and for how long to be quiet when it was too often."""

    why: Wrong
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """The hook rests: the call is to be made again later."""


@dataclass(frozen=True, slots=True)
class NotHere:
    """There is no such address, or nobody looks after it any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that could not be stored, by no fault of whoever calls; `is_away` when the database is not there."""

    is_away: bool


type Outcome = Taken | TurnedAway | Closed | NotHere | Failed


@dataclass(frozen=True, slots=True)
class _Believed:
    """A call that is to be stored: which of the group it is, what it is known by, and what it says."""

    place: int
    id: UUID
    key: str
    payload: str


def take_all(knocks: Sequence[Knock]) -> list[Outcome]:
    """Take a group of calls in; what came of each, in their order. Who calls is believed before anything is written."""
    found = _addresses({one.secret for one in knocks})
    outcomes: list[Outcome] = [NotHere()] * len(knocks)
    believed: dict[UUID, tuple[HookAddress, list[_Believed]]] = {}
    for place, knock in enumerate(knocks):
        address = found.get(digest_of(knock.secret))
        if address is None:
            continue
        read = _read(address, knock, place)
        if isinstance(read, _Believed):
            believed.setdefault(address.id, (address, []))[1].append(read)
        else:
            outcomes[place] = read
    for address, calls in believed.values():
        for one, outcome in zip(calls, _stored(address, calls), strict=True):
            outcomes[one.place] = outcome
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, TurnedAway):
            address = found[digest_of(knocks[place].secret)]
            outcomes[place] = TurnedAway(outcome.why, _count_wrong(address, outcome.why, knocks[place].came_from))
    return outcomes


def sealed_about(hook: object) -> str:
    """What the secret of a hook is sealed about: it opens for this hook alone."""
    return f"hook {hook}"


def _addresses(secrets: Iterable[str]) -> dict[str, HookAddress]:
    """The addresses that are called, by their hash: asked anew each time, for they may be gone by now."""
    digests = [digest_of(one) for one in secrets if len(one) <= LONGEST_SECRET]
    with no_workspace("find the addresses of hooks"):
        active = HookAddress.objects.select_related("user").filter(digest__in=digests, user__is_active=True)
        return {one.digest: one for one in active}


def _read(address: HookAddress, knock: Knock, place: int) -> _Believed | TurnedAway | Closed | NotHere:
    """Whether to believe a call, and what it says."""
    if len(knock.call.body) > LARGEST_BODY:
        return TurnedAway(Wrong.LARGE)
    try:
        key = checked(knock.call, address.signing, _opened(address))
        payload = payload_of(knock.call.body, knock.content_type)
    except Unopenable:
        return NotHere()
    except NotSigned as trouble:
        return TurnedAway(trouble.why)
    except NotAPayload:
        return TurnedAway(Wrong.BODY)
    return _Believed(place, new_id(), key, json.dumps(payload)) if address.is_open else Closed()


def _opened(address: HookAddress) -> str:
    if not address.sealed:
        return ""
    return secret_box.unseal(sealed_about(address.hook_id), address.sealed.encode())


def _stored(address: HookAddress, calls: Sequence[_Believed]) -> list[Outcome]:
    """Store the calls of one hook together; one that cannot be stored keeps no other out."""
    try:
        with entered(address.user, address.into_workspace, door="hook"):
            fresh, known = _store(address, calls)
    except NoSeat:
        return [NotHere()] * len(calls)
    except (OperationalError, InterfaceError):
        logger.warning("calls of programs could not be stored", exc_info=True)
        return [Failed(is_away=True)] * len(calls)
    except DatabaseError:
        if len(calls) > 1:
            return [outcome for one in calls for outcome in _stored(address, [one])]
        logger.exception("a call of a program could not be stored")
        return [Failed(is_away=False)]
    return [Taken(one.id in fresh) if one.id in fresh or one.key in known else NotHere() for one in calls]


def _store(address: HookAddress, calls: Sequence[_Believed]) -> tuple[set[UUID], set[str]]:
    """The calls that are new, and the keys of those that had come before."""
    at, columns = now(), [list(part) for part in zip(*((one.id, one.key, one.payload) for one in calls), strict=True)]
    parameters: list[Any] = [at, *columns, workspace_id(), address.hook_id, list(current().circles)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        fresh = {row[0] for row in cursor.fetchall()}
    if fresh:
        publish(DeliveryTaken(address.hook_id))
        if address.taken_at is None or address.taken_at < at - NOTED:
            # Whoever writes it down already does so for all of this second.
            free = HookAddress.objects.filter(id=address.id).select_for_update(skip_locked=True, no_key=True)
            HookAddress.objects.filter(id__in=free.values("id")).update(taken_at=at)
    rest = {one.key for one in calls if one.id not in fresh}
    stored = Delivery.objects.filter(hook_id=address.hook_id, key__in=rest) if rest else Delivery.objects.none()
    return fresh, set(stored.values_list("key", flat=True))


#: Until when this process need not count the calls of somebody who was told to be quiet.
_quiet: dict[UUID, float] = {}


def _count_wrong(address: HookAddress, why: Wrong, came_from: str) -> int:
    """Count a call that is not right; how long to wait when there were too many of them."""
    subject, at = uuid5(COUNTED, f"wrong hook\n{address.id}\n{came_from}"), monotonic()
    if (left := _quiet.get(subject, 0.0) - at) > 0:
        return int(left) + 1
    if wait := seconds_to_wait(subject, most=WRONG_A_MINUTE):
        if len(_quiet) >= MOST_QUIET:
            _quiet.clear()
        _quiet[subject] = at + wait
    else:
        with no_workspace("a call that is not right"):
            HookAddress.objects.filter(id=address.id).update(wrong=F("wrong") + 1, wrong_why=why, wrong_at=now())
    return wait
