# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments, appointments and to-dos."""

from plein.moments.api import moments, reading, todos
from plein.moments.api.door import router

router.add_router("", todos.router)

__all__ = ["moments", "reading", "router"]
