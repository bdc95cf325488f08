# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from plein.channels.post import Posted


@dataclass(frozen=True, slots=True)
class Underway:
    """A mail that is being delivered: which attempt it is, and what hands it over.

    `hand_over` calls what it is given when everything is agreed to but the words themselves. Where `stays`, nothing
    leaves. `keep` puts a copy of what left where its writer looks for it.
    """

    mail_id: UUID
    attempt: int
    hand_over: Callable[[Callable[[], None] | None], Posted]
    stays: bool = False
    keep: Callable[[str, bytes], str] | None = None
