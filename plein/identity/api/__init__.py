# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who somebody is."""

from plein.identity.api import door
from plein.identity.api.door import router

__all__ = ["door", "router"]
