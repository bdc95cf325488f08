# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counting each night how common names are."""

from plein.identity.queries import count_names
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def measure_names(*, actor: Entrance) -> None:
    """Count anew. It follows from what is there, so it is no history and nothing to turn back."""
    permit(actor, "manage")
    count_names()
