# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one router of this door: an address answers all its methods only when they stand on the same router."""

from ninja import Router

router = Router(tags=["consent"])
