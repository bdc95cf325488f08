# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST doors to lists as files, to calendars that are brought in, and to what is decided elsewhere."""

from plein.dav.api.calendars import router as calendars
from plein.dav.api.elsewhere import router as elsewhere
from plein.dav.api.exports import router as exports

routers = (exports, calendars)

__all__ = ["elsewhere", "routers"]
