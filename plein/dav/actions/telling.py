# SPDX-License-Identifier: AGPL-3.0-or-later
"""Remembering what a device was told, so that it hears next time what changed: whatever made it change."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from plein.core.ids import now
from plein.dav.models import DeviceKey, Told

#: So many tellings of one collection are remembered for one device, and for so long.
REMEMBERED, KEPT_FOR = 6, timedelta(days=120)
TOKEN = "urn:plein:told:"  # noqa: S105 - how an address begins
SHORT = 16


class Forgotten(Exception):
    """What the device was told is not known any more: it has to begin anew."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed for a device: names of objects that are new or otherwise, and of those that are gone."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    token: str
    is_partial: bool = False


def tell(device: DeviceKey, collection: str, etags: Mapping[str, str], token: str = "", *, most: int = 0) -> News:
    """What changed since the token, and a token for next time. Raises Forgotten for one that is not known."""
    known = _recall(device, collection, token) if token else {}
    short = {name: etag[:SHORT] for name, etag in etags.items()}
    changed = [name for name, etag in short.items() if known.get(name) != etag]
    gone = [name for name in known if name not in short]
    if token and not changed and not gone:
        return News((), (), token)
    is_partial = bool(most) and len(changed) + len(gone) > most
    if is_partial:
        changed, gone = changed[:most], gone[: max(0, most - len(changed))]
        short = {name: etag for name, etag in known.items() if name not in gone} | {one: short[one] for one in changed}
    return News(tuple(changed), tuple(gone), _remember(device, collection, short), is_partial)


def latest(device: DeviceKey, collection: str, etags: Mapping[str, str]) -> str:
    """The token of what is there now."""
    short = {name: etag[:SHORT] for name, etag in etags.items()}
    last = Told.objects.filter(key_id=device.id, collection=collection).order_by("-at", "-id").first()
    if last is not None and _read(last) == short:
        return f"{TOKEN}{last.id}"
    return _remember(device, collection, short)


def _recall(device: DeviceKey, collection: str, token: str) -> dict[str, str]:
    try:
        told_id = UUID(token.removeprefix(TOKEN))
    except ValueError as trouble:
        raise Forgotten from trouble
    found = Told.objects.filter(id=told_id, key_id=device.id, collection=collection).first()
    if found is None:
        raise Forgotten
    return _read(found)


def _read(told: Told) -> dict[str, str]:
    state: dict[str, str] = json.loads(zlib.decompress(bytes(told.state)))
    return state


def _remember(device: DeviceKey, collection: str, state: Mapping[str, str]) -> str:
    made = Told.objects.create(
        key_id=device.id, collection=collection, state=zlib.compress(json.dumps(state).encode(), 1)
    )
    mine = Told.objects.filter(key_id=device.id, collection=collection)
    kept = list(mine.order_by("-at", "-id").values_list("id", flat=True)[:REMEMBERED])
    mine.exclude(id__in=kept).delete()
    Told.objects.filter(at__lt=now() - KEPT_FOR).delete()
    return f"{TOKEN}{made.id}"
