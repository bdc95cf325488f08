# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that changes the network by itself: most of it follows from what others write."""

from plein.network.actions.connections import Brought, load_connections
from plein.network.actions.following import tie_followers
from plein.network.actions.influence import measure_influence
from plein.network.actions.loading import Jobs, Loaded, load_ties
from plein.network.actions.measuring import measure_as_plein, set_measure
from plein.network.actions.snapshot import drop_snapshot, keep_snapshot, take_snapshot

__all__ = [
    "Brought",
    "Jobs",
    "Loaded",
    "drop_snapshot",
    "keep_snapshot",
    "load_connections",
    "load_ties",
    "measure_as_plein",
    "measure_influence",
    "set_measure",
    "take_snapshot",
    "tie_followers",
]
