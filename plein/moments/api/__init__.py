# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments, appointments, to-dos and imports."""

from plein.moments.api import door, imports, job_news, learning, moments, planning, reading, recognising, sharing, todos

routers = (door.router, todos.router, imports.router, job_news.router, learning.router, sharing.router)

__all__ = ["moments", "planning", "reading", "recognising", "routers"]
