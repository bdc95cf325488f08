# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes contact of some calls of one hook, in the transaction of the caller."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.channels.base import Message, Unreadable
from plein.core import blobs
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.hooks.mapping import Around, NotReadable, Reading, reading_of
from plein.hooks.models import Delivery, Hook
from plein.hooks.ringing import ring_for
from plein.hooks.vocabulary import DeliveryState
from plein.hooks.welcoming import welcome
from plein.moments.events import MailBroughtIn
from plein.moments.intake.batch import Batch
from plein.moments.intake.book import AddressBook, key_of_address, wide_circles
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.rows import fetch
from plein.moments.models import Gives
from plein.moments.queries.sharing import Rule, Rules
from plein.trust.models import Workspace
from plein.trust.seats import Entrance

_MOMENTS = """
    SELECT s.external_id, s.moment_id FROM moments_source s
     WHERE s.workspace_id = %s AND s.import_id = %s AND s.external_id = ANY(%s)
"""


@dataclass
class Intake:
    """Some calls of one hook being taken in, in the transaction of the caller."""

    hook: Hook
    actor: Entrance

    def __post_init__(self) -> None:
        self.company: Workspace = Workspace.objects.get()

    def take_in(self, deliveries: Sequence[Delivery]) -> None:
        """Write what they say, and what became of each."""
        readings: dict[UUID, Reading] = {}
        for one in deliveries:
            try:
                readings[one.id] = reading_of(one.payload or {}, self.hook.mapping, self._around(one))
            except NotReadable as trouble:
                one.state, one.reason = DeliveryState.REFUSED, trouble.reason
        said = [one for one in readings.values() if not one.goes_on]
        if said:
            self._write(said)
            # What is new has a later id than the call that told it.
            publish(MailBroughtIn(min(readings)))
        self._settle(deliveries, readings)
        ring_for(self.hook, [(one, readings[one.id]) for one in deliveries if one.id in readings])

    def _around(self, one: Delivery) -> Around:
        return Around(
            hook=str(self.hook.id),
            key=one.key,
            received_at=one.received_at,
            preset=self.hook.preset,
            country=self.company.country,
            owner=self.actor.user.email,
        )

    def _write(self, readings: Sequence[Reading]) -> None:
        circle = self.hook.circle_id
        own = frozenset(key_of_address(one.ours) for one in readings if one.ours is not None and one.ours.address)
        ours = tuple(dict.fromkeys((*self.company.domains, self.actor.user.email)))
        book = AddressBook(circle, ours, wide_circles(circle), own=own)
        messages: list[Message | Unreadable] = [one.message for one in readings]
        welcome(readings, book, self.hook)
        rules = Rules(Rule(Gives.EVERYTHING, circle))
        Batch(Bringer(self.hook.id, circle, blobs.folder(), rules, _nothing_is_refused), book).write(messages)

    def _settle(self, deliveries: Sequence[Delivery], readings: dict[UUID, Reading]) -> None:
        wanted = list({one.message.external_id for one in readings.values()})
        became = dict(fetch(_MOMENTS, [workspace_id(), self.hook.id, wanted]))
        at, counts = now(), Counter(self.hook.counts)
        for one in deliveries:
            one.handled_at = at
            if reading := readings.get(one.id):
                self.hook.example = self.hook.example or one.payload
                one.state, one.reason, one.payload = DeliveryState.DONE, "", None
                one.moment_id = None if reading.goes_on else became.get(reading.message.external_id)
            counts[one.state] += 1
        Delivery.objects.bulk_update(deliveries, ["state", "reason", "payload", "handled_at", "moment_id"])
        Hook.objects.filter(id=self.hook.id).update(
            counts=dict(counts), last_at=at, operation_id=self.hook.operation_id, example=self.hook.example
        )


def _nothing_is_refused(problems: Sequence[Unreadable]) -> None:
    """Every call that comes this far is a message."""
    raise ValueError(problems)
