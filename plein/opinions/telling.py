# SPDX-License-Identifier: AGPL-3.0-or-later
"""How it goes with the language model that is asked here, for every door."""

from dataclasses import dataclass
from datetime import datetime

from plein.opinions.budget import Spent, spent
from plein.opinions.keys import key_for
from plein.opinions.models import Endpoint
from plein.opinions.queries import endpoint, is_agreed
from plein.trust.circles import circle_key
from plein.trust.secret_box import Unopenable


@dataclass(frozen=True, slots=True)
class Standing:
    """A language model as an administrator sees it; of its key only whether there is one."""

    endpoint: Endpoint
    spent: Spent
    audiences: list[str]
    has_key: bool
    is_agreed: bool

    @property
    def rests_until(self) -> datetime | None:
        """Until when it is left alone after trouble."""
        return self.endpoint.next_try_at


def standing() -> Standing | None:
    """How it goes; None when there is no language model here."""
    found = endpoint()
    if found is None:
        return None
    try:
        has_key = bool(key_for(found.address))
    except Unopenable:
        has_key = False
    keys = [key for one in found.circles if (key := circle_key(one))]
    return Standing(found, spent(found), keys, has_key, is_agreed(found))
