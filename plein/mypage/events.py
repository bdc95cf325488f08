# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class PageWanted(Event):
    """Somebody typed an address to get a link to their own page; it is sealed, and a job looks whose it is."""

    sealed: str
