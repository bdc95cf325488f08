# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does one part of an act on many rows, in the transaction of the caller."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from plein.core.isolation import in_operation
from plein.lists.bulk.acts import Act, act_of
from plein.lists.bulk.models import BulkBatch, BulkFailure, BulkRun
from plein.lists.kinds import kind_of
from plein.lists.outcomes import Outcome
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_REASON = 500


def carry_out_batch(actor: Entrance, run: BulkRun, batch: BulkBatch) -> None:
    """Do the act to the rows of a batch, note what was left alone, and count: all of it, or nothing."""
    act = act_of(run.kind, run.act)
    permit(actor, act.permission)
    values = act.read(run.wish)
    # Nobody removes them or edits them between looking and doing.
    rows = kind_of(run.kind).rows().filter(id__in=batch.ids).order_by("id")
    there = list(rows.select_for_update(of=("self",)).values_list("id", flat=True))
    gone = set(batch.ids) - set(there)
    with in_operation(run.operation_id):
        outcome = _perform(act, actor, there, values)
    failures = {**dict.fromkeys(gone, _("It is no longer there, or you may no longer see it.")), **outcome.failures}
    _note(run, batch, outcome.changed, failures)


def _perform(act: Act, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    if not ids:
        return Outcome(0)
    try:
        with transaction.atomic():
            return act.perform(actor=actor, ids=ids, values=values)
    except (IntegrityError, DataError):
        return _one_by_one(act, actor, ids, values)


def _one_by_one(act: Act, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """The database refused one of them: find out which, and do the others."""
    changed = 0
    failures: dict[UUID, str] = {}
    for one in ids:
        try:
            with transaction.atomic():
                outcome = act.perform(actor=actor, ids=[one], values=values)
            changed += outcome.changed
            failures.update(outcome.failures)
        except (IntegrityError, DataError):
            failures[one] = _("This does not fit what else is known of it.")
    return Outcome(changed, failures)


def _note(run: BulkRun, batch: BulkBatch, changed: int, failures: Mapping[UUID, str]) -> None:
    BulkFailure.objects.bulk_create(
        BulkFailure(run=run, record_id=one, reason=reason[:LONGEST_REASON]) for one, reason in failures.items()
    )
    BulkBatch.objects.filter(id=batch.id).update(is_done=True)
    BulkRun.objects.filter(id=run.id).update(
        done=F("done") + len(batch.ids), changed=F("changed") + changed, failed=F("failed") + len(failures)
    )
