# SPDX-License-Identifier: AGPL-3.0-or-later
"""As the holder of a token, in one transaction; what a conflict shows of what is there now is logged after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from plein.core.audit import arriving_with, audit_look
from plein.core.operations import EditConflict
from plein.metadata.refusals import ValueConflict
from plein.trust.models import ApiToken
from plein.trust.seats import Entrance, entered
from plein.trust.zones import zone_of


@contextmanager
def holding(token: ApiToken) -> Iterator[Entrance]:
    """Run what is inside as the holder of a token; raises NoSeat when they have none any more."""
    try:
        with timezone.override(zone_of(token.user)), _entered(token) as seat:
            yield seat
    except (EditConflict, ValueConflict) as late:
        # The conflict ended the transaction in which it read what it shows.
        with _entered(token):
            audit_look("record", late.seen if isinstance(late, ValueConflict) else [late.current])
        raise


@contextmanager
def _entered(token: ApiToken) -> Iterator[Entrance]:
    with arriving_with(token.id), entered(token.user, token.into_workspace, door="api") as seat:
        yield seat
