# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages show what was heard."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from plein.listening.queries import (
    Found,
    Item,
    Standing,
)
from plein.listening.vocabulary import MOST_HEARD
from plein.listening.wording import Shown, shown
from plein.trust.answers import Request


def items_shown(
    request: Request, items: Sequence[Item], standing: Standing, found: Found, names: Mapping[UUID, str]
) -> list[Shown]:
    """Posts in words, each with the searches that heard it by their names."""
    can_write = request.seat.can_write
    return [
        shown(item, [names[one] for one in found.searches_of(item.moment.id)], standing, can_write=can_write)
        for item in items
    ]


def counted(count: int) -> str:
    """How many, as far as is counted."""
    return str(count) if count <= MOST_HEARD else _("more than %(most)s") % {"most": MOST_HEARD}
