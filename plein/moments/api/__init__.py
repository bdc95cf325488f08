# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments, appointments and to-dos."""

from plein.moments.api import imports, moments, reading, todos
from plein.moments.api.door import router

for _part in (todos, imports):
    router.add_router("", _part.router)

__all__ = ["moments", "reading", "router"]
