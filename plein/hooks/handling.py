# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes in what programs told: each call once, a few hundred in a transaction, as whoever looks after the hook."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from plein.core.ids import now
from plein.core.isolation import in_operation
from plein.hooks.bringing import Intake
from plein.hooks.days import operation_of_today
from plein.hooks.models import Delivery, Hook
from plein.hooks.vocabulary import DeliveryState, Reason
from plein.moments.intake.lease import one_writer_at_a_time
from plein.trust.models import User
from plein.trust.seats import entered

logger = logging.getLogger(__name__)
#: So many calls are taken in at once.
AT_ONCE = 200


@dataclass
class Handling:
    """One worker's turn at what one hook was told."""

    user: User
    workspace: int
    hook_id: UUID
    door: str = "worker"
    should_stop: Callable[[], bool] = lambda: False

    def run(self) -> int:
        """Take in all that waits; returns how many calls were looked at."""
        total = 0
        while not self.should_stop():
            handled = self._turn(AT_ONCE)
            total += handled
            if handled < AT_ONCE:
                return total
        return total

    def _turn(self, at_once: int) -> int:
        try:
            return self._some(at_once)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            if at_once > 1:
                # One of them is the trouble: by themselves the others come in all the same.
                return sum(self._turn(1) for _number in range(at_once))
            logger.exception("hook %s", self.hook_id)
            return self._set_aside()

    def _some(self, at_once: int) -> int:
        with entered(self.user, self.workspace, door=self.door) as actor:
            hook = Hook.objects.filter(id=self.hook_id).first()
            if hook is None or not hook.is_ready or not actor.can_write:
                return 0
            one_writer_at_a_time()
            found = list(self._waiting()[:at_once])
            if found:
                hook.operation_id = operation_of_today(hook)
                with in_operation(hook.operation_id):
                    Intake(hook, actor).take_in(found)
        return len(found)

    def _set_aside(self) -> int:
        """What cannot be taken in for a reason that nobody foresaw waits for somebody to look at it."""
        with entered(self.user, self.workspace, door=self.door):
            first = self._waiting()[:1].values("id")
            return Delivery.objects.filter(id__in=first).update(
                state=DeliveryState.REFUSED, reason=Reason.UNEXPECTED, handled_at=now()
            )

    def _waiting(self) -> QuerySet[Delivery]:
        waiting = Delivery.objects.filter(hook_id=self.hook_id, state=DeliveryState.WAITING)
        return waiting.order_by("received_at", "id")
