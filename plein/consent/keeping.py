# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of data that a company may choose to keep for a while only. The domains that own them say how."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Keeping:
    """One kind of data.

    key      its name in addresses
    label    what people call it
    what     what is deleted and by which clock, in a sentence
    old      what is older than a time, as far as the reader may see it
    naming   names for a few of them, to look at before deciding
    months   how long it is kept, until somebody says otherwise
    kind     the list whose act "delete" removes many of them, in batches and with an undo of the whole
    is_promised  the purposes say how long it is kept, which people read on their page
    remove   for what is in no list: removes these in one go; the second says whether an undo brings them back
    """

    key: str
    label: str | Promise
    what: str | Promise
    old: Callable[[datetime], QuerySet[Any, Any]]
    naming: Callable[[list[UUID]], list[str]]
    months: int = 60
    kind: str = ""
    is_promised: bool = False
    remove: Callable[[Entrance, list[UUID]], int] | None = None
    is_undone: bool = True


_keepings: dict[str, Keeping] = {}


def register_keepings(keepings: Iterable[Keeping]) -> None:
    """Say what can be kept for a while only. Only `plein/web/panels.py` calls this."""
    _keepings.update({one.key: one for one in keepings})


def keepings() -> list[Keeping]:
    """Every kind of data with a rule of its own."""
    return list(_keepings.values())


def keeping_of(key: str) -> Keeping | None:
    """The kind of that name."""
    return _keepings.get(key)
