# SPDX-License-Identifier: AGPL-3.0-or-later
"""Learning from what colleagues said of texts, and choosing which of what was learned is used."""

from typing import Any

from django.db.models import Max

from plein.core.events import publish
from plein.core.operations import operation
from plein.moments.events import ReadOtherwise
from plein.moments.models import Learned
from plein.moments.queries.learned import lessons
from plein.recognition.learning import Learned as Taught
from plein.recognition.learning import learn
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def learn_from_corrections(*, actor: Entrance) -> Learned | None:
    """Learn from all that was said so far; taken only when it does no worse on what it did not learn from.

    None when too little was said.
    """
    permit(actor, "manage")
    number = (Learned.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    taught = learn(lessons(), version=str(number))
    if taught is None:
        return None
    is_taken = taught.judged > 0 and taught.is_better
    with operation("learn_from_corrections", count=taught.learned_from):
        if is_taken:
            Learned.objects.filter(is_in_use=True).update(is_in_use=False)
        made: Learned = Learned.objects.create(
            number=number,
            arrays=taught.adjustment.packed(),
            base=taught.adjustment.model[:80],
            learned_from=taught.learned_from,
            figures=_figures(taught),
            is_in_use=is_taken,
        )
        if is_taken:
            publish(ReadOtherwise())
    return made


def choose_learned(*, actor: Entrance, learned: Learned | None) -> None:
    """From now on read texts with this that was learned; with None as everywhere."""
    permit(actor, "manage")
    with operation("choose_learned"):
        others = Learned.objects.filter(is_in_use=True)
        (others.exclude(id=learned.id) if learned else others).update(is_in_use=False)
        if learned is not None:
            Learned.objects.filter(id=learned.id, is_in_use=False).update(is_in_use=True)
        publish(ReadOtherwise())


def _figures(taught: Taught) -> dict[str, Any]:
    return {
        "outputs": list(taught.adjustment.outputs),
        "judged": taught.judged,
        "before": round(taught.before, 4),
        "after": round(taught.after, 4),
        "right_before": round(taught.right_before, 4),
        "right_after": round(taught.right_after, 4),
    }
