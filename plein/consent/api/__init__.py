# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to purposes and consent."""

from plein.consent.api import deciding, importing, keeping, purposes, restricting, settling
from plein.consent.api.door import router

__all__ = ["deciding", "importing", "keeping", "purposes", "restricting", "router", "settling"]
