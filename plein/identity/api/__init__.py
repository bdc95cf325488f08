# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who somebody is."""

from plein.identity.api import apart, duplicates, thresholds
from plein.identity.api.door import router

__all__ = ["apart", "duplicates", "router", "thresholds"]
