# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that never left, because there was no mail server: kept to look at, and for a while only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from plein.channels.models import SunkLetter
from plein.consent.keeping import Keeping
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def _old(before: datetime) -> QuerySet[Any, Any]:
    return SunkLetter.objects.filter(at__lt=before)


def _names(ids: list[UUID]) -> list[str]:
    return list(SunkLetter.objects.filter(id__in=ids, is_secret=False).values_list("subject", flat=True))


def _remove(actor: Entrance, ids: list[UUID]) -> int:
    permit(actor, "manage")
    return int(SunkLetter.objects.filter(id__in=ids).delete()[0])


SUNK = Keeping(
    key="sunk",
    label=gettext_lazy("letters that never left"),
    what=gettext_lazy("Counted from when they were written. They do not come back."),
    old=_old,
    naming=_names,
    months=6,
    remove=_remove,
    is_undone=False,
)
