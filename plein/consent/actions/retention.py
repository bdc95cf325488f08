# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long data are kept: rules that ask, and the word of an administrator that deletes. Nothing goes by itself."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plein.consent.models import RetentionRule
from plein.consent.queries.retention import Due, due_ids
from plein.consent.refusals import Refused
from plein.core.ids import now
from plein.core.operations import operation
from plein.lists.bulk.actions import change_many
from plein.lists.bulk.acts import CannotChange
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST = 1200
PUT_OFF = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted: how many, under which operation; a run goes on in the background."""

    count: int
    operation_id: UUID | None
    run_id: UUID | None = None


def set_retention(*, actor: Entrance, due: Due, months: int, is_on: bool) -> RetentionRule:
    """Choose how long a kind of data is kept, and whether Plein asks about what is older."""
    permit(actor, "manage")
    if not 1 <= months <= LONGEST:
        raise Refused(_("Choose a number of months from 1 to %(most)s.") % {"most": LONGEST}, "months")
    with operation("set_retention"):
        values = {"months": months, "is_on": is_on, "asks_from": None}
        if not RetentionRule.objects.filter(key=due.keeping.key).update(**values):
            RetentionRule.objects.create(key=due.keeping.key, **values)
    saved: RetentionRule = RetentionRule.objects.get(key=due.keeping.key)
    return saved


def put_off(*, actor: Entrance, due: Due) -> None:
    """Keep what is due for now; Plein asks again in three months."""
    permit(actor, "manage")
    with operation("put_off_retention"):
        RetentionRule.objects.filter(key=due.keeping.key).update(asks_from=now() + PUT_OFF)


def delete_due(*, actor: Entrance, due: Due, expected: int) -> Removed:
    """Delete what is due, as one operation; raises Refused when the rule is off or it is more than was looked at."""
    permit(actor, "manage")
    permit(actor, "delete")
    if not due.is_on:
        raise Refused(_("Switch this rule on first."))
    ids = due_ids(due)
    if not ids:
        raise Refused(_("Nothing is that old any more."))
    if len(ids) > expected:
        raise Refused(_("It is more by now than you looked at. Look again."))
    if due.keeping.remove is not None:
        with operation("delete_due", count=len(ids)) as done:
            count = due.keeping.remove(actor, ids)
        return Removed(count, done.id if due.keeping.is_undone else None)
    try:
        run = change_many(actor=actor, kind=due.keeping.kind, ids=ids, act="delete", wish={})
    except CannotChange as refusal:
        raise Refused(str(refusal)) from refusal
    return Removed(run.total, run.operation_id, run.id)
