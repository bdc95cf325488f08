# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST doors to lists as files, and to calendars that are brought in."""

from plein.dav.api.calendars import router as calendars
from plein.dav.api.exports import router as exports

routers = (exports, calendars)

__all__ = ["routers"]
