# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is let go of by itself: calls and messages that were settled long ago."""

from datetime import timedelta

from django.db.models import QuerySet

from plein.core.ids import now
from plein.core.records import Record
from plein.hooks.models import Delivery, Telling
from plein.hooks.vocabulary import DeliveryState, TellingState
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So long the numbers of calls are known, by which one that comes again is told apart, and what came of messages.
SETTLED = timedelta(days=30)
#: And so long what was not taken in, or given up, waits for somebody who mends it.
UNSETTLED = timedelta(days=90)
AT_ONCE = 5000


def clear_settled(*, actor: Entrance) -> int:
    """Let go of old calls and messages that the actor sees; what still waits stays. Returns how many."""
    permit(actor, "manage")
    settled, unsettled = now() - SETTLED, now() - UNSETTLED
    told = (TellingState.DONE, TellingState.DROPPED)
    return (
        _cleared(Delivery.objects.filter(state=DeliveryState.DONE, received_at__lt=settled))
        + _cleared(Delivery.objects.filter(state=DeliveryState.REFUSED, received_at__lt=unsettled))
        + _cleared(Telling.objects.filter(state__in=told, done_at__lt=settled))
        + _cleared(Telling.objects.filter(state=TellingState.FAILED, happened_at__lt=unsettled))
    )


def _cleared[R: Record](old: QuerySet[R]) -> int:
    count = 0
    while some := list(old.values_list("id", flat=True)[:AT_ONCE]):
        count += old.filter(id__in=some).delete()[0]
        if len(some) < AT_ONCE:
            break
    return count
