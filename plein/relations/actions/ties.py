# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.actions.memberships import check_period
from plein.relations.models import Relation, Tie
from plein.relations.refusals import Refused
from plein.relations.vocabulary import INVERSE_WORDING, Source, TieKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def add_tie(
    *,
    actor: Entrance,
    one: Relation,
    other: Relation,
    kind: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
    source: str = Source.HAND,
) -> Tie:
    """Note how two relations are tied; a directed tie reads from one to the other."""
    permit(actor, "write")
    if one.id == other.id:
        raise Refused(_("Nobody has a tie with themselves: choose somebody else."), "other")
    check_period(starts_on, ends_on)
    same = Q(one=one, other=other)
    if TieKind(kind) not in INVERSE_WORDING:
        same |= Q(one=other, other=one)
    if Tie.objects.filter(same, kind=kind, ends_on__isnull=True).exists() and ends_on is None:
        raise Refused(_("This tie is known already."), "other")
    with operation("add_tie"):
        saved: Tie = Tie.objects.create(
            one=one, other=other, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note, source=source
        )
        return saved


def edit_tie(*, actor: Entrance, tie: Tie, changes: dict[str, Any]) -> Tie:
    """Change the dates or the note of a tie."""
    permit(actor, "write")
    values = {name: changes[name] for name in ("starts_on", "ends_on", "note") if name in changes}
    check_period(values.get("starts_on", tie.starts_on), values.get("ends_on", tie.ends_on))
    with operation("edit_tie"):
        Tie.objects.filter(id=tie.id).update(**values)
    saved: Tie = Tie.objects.get(id=tie.id)
    return saved


def remove_tie(*, actor: Entrance, tie: Tie) -> Operation:
    """Take a tie away that never was."""
    permit(actor, "write")
    with operation("remove_tie") as done:
        Tie.objects.filter(id=tie.id).delete()
    return done
