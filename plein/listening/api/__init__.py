# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to listening, and to the channels that relations use."""

from plein.listening.api import channels, day, door

routers = (channels.router, day.router, door.router)

__all__ = ["routers"]
