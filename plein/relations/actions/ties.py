# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.actions.memberships import check_period
from plein.relations.models import Relation, Tie
from plein.relations.queries.ties import TieSort, sort_called
from plein.relations.refusals import Refused
from plein.relations.vocabulary import ADVICE, Source
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: What of a tie may be changed afterwards.
EDITED = ("starts_on", "ends_on", "note", "may_introduce", "outcome", "value")


def check_outcome(kind: str, outcome: str, value: Decimal | None) -> None:
    """Raise Refused when something would have come of a tie of which nothing comes."""
    if kind not in ADVICE and (outcome or value is not None):
        raise Refused(_("Only of a referral or of advice one notes what came of it. Leave this empty."), "outcome")
    if value is not None and value < 0:
        raise Refused(_("What it is worth cannot be less than nothing."), "value")


def add_tie(
    *,
    actor: Entrance,
    one: Relation,
    other: Relation,
    kind: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
    may_introduce: bool | None = None,
    outcome: str = "",
    value: Decimal | None = None,
    source: str = Source.HAND,
) -> Tie:
    """Note how two relations are tied; a directed tie reads from one to the other.

    Whether one may ask for an introduction over it is as usual for its kind, unless said otherwise.
    """
    permit(actor, "write")
    if one.id == other.id:
        raise Refused(_("Nobody has a tie with themselves: choose somebody else."), "other")
    check_period(starts_on, ends_on)
    check_outcome(kind, outcome, value)
    sort = sort_called(kind)
    if sort is None:
        raise Refused(_("There is no such kind of tie any more. Choose another."), "kind")
    one, other = _placed(sort, one, other)
    same = Q(one=one, other=other)
    if not sort.is_directed:
        same |= Q(one=other, other=one)
    if Tie.objects.filter(same, kind=kind, ends_on__isnull=True).exists() and ends_on is None:
        raise Refused(_("This tie is known already."), "other")
    with operation("add_tie"):
        saved: Tie = Tie.objects.create(
            one=one,
            other=other,
            kind=sort.key,
            type_id=sort.type_id,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note,
            may_introduce=may_introduce,
            outcome=outcome,
            value=value,
            source=source,
        )
        return saved


def _placed(sort: TieSort, one: Relation, other: Relation) -> tuple[Relation, Relation]:
    """The two at the ends where they may stand: of a tie that reads the same both ways they may change places."""
    if sort.fits(one.kind, other.kind):
        return one, other
    if not sort.is_directed and sort.fits(other.kind, one.kind):
        return other, one
    raise Refused(_("“%(tie)s” is not between these two. Choose another kind.") % {"tie": sort.words}, "kind")


def edit_tie(*, actor: Entrance, tie: Tie, changes: dict[str, Any]) -> Tie:
    """Change the dates or the note of a tie, what came of it, or whether one may ask for an introduction over it."""
    permit(actor, "write")
    values = {name: changes[name] for name in EDITED if name in changes}
    check_period(values.get("starts_on", tie.starts_on), values.get("ends_on", tie.ends_on))
    check_outcome(tie.kind, values.get("outcome", tie.outcome), values.get("value", tie.value))
    with operation("edit_tie"):
        Tie.objects.filter(id=tie.id).update(**values)
    saved: Tie = Tie.objects.select_related("one", "other", "type").get(id=tie.id)
    return saved


def remove_tie(*, actor: Entrance, tie: Tie) -> Operation:
    """Take a tie away that never was."""
    permit(actor, "write")
    with operation("remove_tie") as done:
        Tie.objects.filter(id=tie.id).delete()
    return done
