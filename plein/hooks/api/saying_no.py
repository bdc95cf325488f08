# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the REST door to webhooks says no, and where a page of a list starts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plein.core.paging import NotUnderstood
from plein.core.payloads import Impossible, Invalid
from plein.core.records import Record
from plein.hooks.refusals import CannotHook
from plein.trust.circles import UnknownCircle


@contextmanager
def refused() -> Iterator[None]:
    """What cannot be, in the words of the door."""
    try:
        yield
    except CannotHook as trouble:
        raise (Invalid({trouble.field: str(trouble)}) if trouble.field else Impossible(str(trouble))) from trouble
    except UnknownCircle as trouble:
        raise Invalid({"circle": _("Choose one of the circles you are in.")}) from trouble


def page_of[R: Record](found: QuerySet[R], limit: int, cursor: str) -> tuple[list[R], str | None]:
    """A page of a list, and where the next one starts."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 7):
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
    start = int(cursor or 0)
    rows = list(found[start : start + limit + 1])
    return rows[:limit], str(start + limit) if len(rows) > limit else None
