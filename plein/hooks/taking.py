# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what a program tells: looked up by the address it calls, checked, and stored in one short transaction."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid5

from django.db import connection
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

LONGEST_SECRET = 100
#: So many calls that are not right are looked at, from one place in a minute.
WRONG_A_MINUTE = 60
#: When something was taken in last is written down no more often than this.
NOTED = timedelta(seconds=1)
_TAKE = """
INSERT INTO hooks_delivery (id, workspace_id, circle_id, hook_id, key, payload, state, reason, received_at)
SELECT %s, h.workspace_id, h.circle_id, h.id, %s, %s::jsonb, 'waiting', '', %s FROM hooks_hook h
 WHERE h.workspace_id = %s AND h.id = %s AND h.circle_id = ANY(%s)
    ON CONFLICT (workspace_id, hook_id, key) DO NOTHING RETURNING 1
"""


class TurnedAway(Exception):
    """A call that is not taken: why, and for how long to be quiet when it was too often."""

    def __init__(self, why: Wrong, wait: int = 0) -> None:
        super().__init__(why)
        self.why, self.wait = why, wait


class Closed(Exception):
    """The hook rests: the call is to be made again later."""


class NotHere(Exception):
    """There is no such address, or nobody looks after it any more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of a call once it is stored; `is_new` is false when it had come before."""

    is_new: bool


def address_of(secret: str) -> HookAddress:
    """The address that is called; raises NotHere."""
    with no_workspace("find the address of a hook"):
        found = HookAddress.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if len(secret) > LONGEST_SECRET or found is None or not found.user.is_active:
        raise NotHere
    return found


def take(secret: str, call: Call, content_type: str, came_from: str) -> Taken:
    """Take a call in; raises NotHere, Closed and TurnedAway. Who calls is believed before anything is written."""
    address = address_of(secret)
    try:
        if len(call.body) > LARGEST_BODY:
            raise TurnedAway(Wrong.LARGE)
        key = checked(call, address.signing, _opened(address))
        payload = payload_of(call.body, content_type)
    except (NotSigned, NotAPayload, TurnedAway) as trouble:
        why = Wrong.BODY if isinstance(trouble, NotAPayload) else trouble.why
        raise TurnedAway(why, _count_wrong(address, why, came_from)) from trouble
    if not address.is_open:
        raise Closed
    try:
        with entered(address.user, address.into_workspace, door="hook"):
            is_new = _store(address, key, json.dumps(payload))
    except NoSeat as trouble:
        raise NotHere from trouble
    return Taken(is_new)


def sealed_about(hook: object) -> str:
    """What the secret of a hook is sealed about: it opens for this hook alone."""
    return f"hook {hook}"


def _opened(address: HookAddress) -> str:
    if not address.sealed:
        return ""
    try:
        return secret_box.unseal(sealed_about(address.hook_id), address.sealed.encode())
    except Unopenable as trouble:
        raise NotHere from trouble


def _store(address: HookAddress, key: str, payload: str) -> bool:
    parameters: list[Any] = [new_id(), key, payload, now(), workspace_id(), address.hook_id, list(current().circles)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        is_new = cursor.fetchone() is not None
    if is_new:
        publish(DeliveryTaken(address.hook_id))
        if address.taken_at is None or address.taken_at < now() - NOTED:
            # Whoever writes it down already does so for all of this second.
            free = HookAddress.objects.filter(id=address.id).select_for_update(skip_locked=True, no_key=True)
            HookAddress.objects.filter(id__in=free.values("id")).update(taken_at=now())
    elif not Delivery.objects.filter(hook_id=address.hook_id, key=key).exists():
        raise NoSeat
    return is_new


def _count_wrong(address: HookAddress, why: Wrong, came_from: str) -> int:
    """Count a call that is not right; how long to wait when there were too many of them."""
    wait = seconds_to_wait(uuid5(COUNTED, f"wrong hook\n{address.id}\n{came_from}"), most=WRONG_A_MINUTE)
    if not wait:
        with no_workspace("a call that is not right"):
            HookAddress.objects.filter(id=address.id).update(wrong=F("wrong") + 1, wrong_why=why, wrong_at=now())
    return wait
