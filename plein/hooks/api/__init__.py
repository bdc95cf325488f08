# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to webhooks: programs that tell us something, and programs that are told."""

from plein.hooks.api import incoming, outgoing

routers = (incoming.router, outgoing.router)

__all__ = ["routers"]
