# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conflict shows what is there now, and ends the transaction in which it was read: the look is logged after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from plein.core.audit import arriving_with, audit_look
from plein.core.operations import EditConflict
from plein.metadata.refusals import ValueConflict
from plein.trust.models import ApiToken
from plein.trust.seats import entered


@contextmanager
def logging_conflicts(token: ApiToken) -> Iterator[None]:
    """Log whose present values a conflict tells the holder of a token."""
    try:
        yield
    except (EditConflict, ValueConflict) as late:
        with arriving_with(token.id), entered(token.user, token.into_workspace, door="api"):
            audit_look("record", late.seen if isinstance(late, ValueConflict) else [late.current])
        raise
