# SPDX-License-Identifier: AGPL-3.0-or-later
"""The four collections that a device sees."""

from plein.dav.books import Organizations, People
from plein.dav.calendars import Agenda, Todos
from plein.dav.shelves import Shelf

SHELVES: dict[str, type[Shelf]] = {one.key: one for one in (People, Organizations, Agenda, Todos)}
