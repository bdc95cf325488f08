# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a collection is, as a device sees it: objects with names and hashes.

An object is made of what its reader may see at that moment, and its ETag is a hash of it: what is hidden changes
neither, and what becomes hidden is no longer there.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from plein.core.audit import Shown, audit_look
from plein.dav.models import DeviceKey, Kept
from plein.trust.seats import Entrance

CARD, EVENT, TODO = "card", "event", "todo"
LONGEST_NAME = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """One object: its name in its collection, its hash, how to write it, and of which record it is."""

    name: str
    etag: str
    write: Callable[[str], str]
    facts: Any
    kept: Kept | None

    @property
    def shown(self) -> Shown:
        return Shown(self.facts.id, self.facts.circle_id)


def hash_of(*parts: str) -> str:
    """A hash that says whether something is the same, and nothing else."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Shelf(ABC):
    """A collection as one colleague sees it through one device."""

    key: str
    kind: str
    suffix: str
    #: What a look at its objects is called in the log.
    about: str

    def __init__(self, seat: Entrance, device: DeviceKey) -> None:
        self.seat = seat
        self.device = device

    @property
    @abstractmethod
    def title(self) -> str: ...

    @cached_property
    @abstractmethod
    def entries(self) -> dict[str, Entry]: ...

    @abstractmethod
    def find(self, name: str) -> Entry | None: ...

    @abstractmethod
    def put(self, name: str, text: str, present: Entry | None) -> Entry: ...

    @abstractmethod
    def remove(self, entry: Entry) -> None: ...

    def look(self, entries: Iterable[Entry], *, how: str = "list") -> None:
        """Log that a device was shown these."""
        audit_look(self.about, [one.shown for one in entries], how=how)

    def id_in(self, name: str) -> UUID | None:
        """The id in a name that we gave ourselves."""
        try:
            return UUID(name.removesuffix(self.suffix))
        except ValueError:
            return None

    def by_uid(self, uid: str, kept: Iterable[Kept]) -> Kept | None:
        """What is kept of the object with this identifier."""
        return next((one for one in kept if one.uid == uid and one.collection == self.key), None) if uid else None

    def kept_named(self, name: str) -> Kept | None:
        """What is kept under a name that a device gave."""
        return Kept.objects.filter(seat_id=self.seat.seat_id, collection=self.key, name=name).order_by("-id").first()
