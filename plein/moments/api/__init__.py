# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments, appointments, to-dos and imports."""

from plein.moments.api import door, imports, moments, planning, reading, todos

routers = (door.router, todos.router, imports.router)

__all__ = ["moments", "planning", "reading", "routers"]
