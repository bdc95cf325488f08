# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the network."""

from plein.network.api import lists
from plein.network.api.door import router

__all__ = ["lists", "router"]
