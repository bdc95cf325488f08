# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to contact moments, appointments, to-dos, imports and connections."""

from plein.moments.api import (
    connection_addresses,
    connections,
    door,
    imports,
    job_news,
    learning,
    moments,
    planning,
    reading,
    recognising,
    sharing,
    todos,
    topics,
)

routers = (
    door.router,
    todos.router,
    connections.router,
    imports.router,
    job_news.router,
    learning.router,
    sharing.router,
    topics.router,
)

__all__ = ["connection_addresses", "moments", "planning", "reading", "recognising", "routers"]
