# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.operations import operation
from plein.listening.models import Search
from plein.trust.seats import Entrance


def make_search(actor: Entrance, words: str = "noise") -> Search:
    """Something that everybody listens for."""
    with operation("save_search"):
        made: Search = Search.objects.create(name="Noise", words=words, owner_id=actor.seat_id)
    return made
