# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of tie of the company's own: adding, changing, retiring, and one that becomes another."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from plein.core.finding.search import fold
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.relations.models import TieType
from plein.relations.queries.ties import sort_called, sort_of
from plein.relations.refusals import Refused
from plein.relations.vocabulary import TIE_WORDS_TAKEN, End, TieKind, TieStrength
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

MOST = 60
#: No tie is as strong as being somebody: in %.
STRONGEST = 99
#: What of a kind of tie stays what it is: the ties there are were noted so.
FIXED = ("is_directed", "one_kind", "other_kind")


@dataclass(frozen=True, slots=True)
class TieTypeFacts:
    """A kind of tie as somebody wrote it down."""

    name_nl: str = ""
    name_en: str = ""
    inverse_nl: str = ""
    inverse_en: str = ""
    is_directed: bool = False
    one_kind: str = ""
    other_kind: str = ""
    strength: str = TieStrength.NONE
    percent: int | None = None
    may_introduce: bool = False

    def values(self) -> dict[str, Any]:
        """The same as columns; the words without needless spaces, and no inverse where there is none."""
        told = {
            name: " ".join(value.split()) if isinstance(value, str) else value for name, value in asdict(self).items()
        }
        if self.strength != TieStrength.EXACT:
            told["percent"] = None
        return told if self.is_directed else told | {"inverse_nl": "", "inverse_en": ""}


def _checked(facts: TieTypeFacts) -> dict[str, Any]:
    values = facts.values()
    if not values["name_nl"] and not values["name_en"]:
        raise Refused(_("Give it a name, in Dutch, in English or in both."), "name_nl")
    if facts.is_directed and not values["inverse_nl"] and not values["inverse_en"]:
        raise Refused(_("Say how it reads from the other end too."), "inverse_nl")
    if facts.one_kind not in End.values or facts.other_kind not in End.values:
        raise Refused(_("Choose one of these."), "one_kind")
    if facts.strength not in TieStrength.values:
        raise Refused(_("Choose one of these."), "strength")
    if facts.strength == TieStrength.EXACT and not 1 <= (facts.percent or 0) <= STRONGEST:
        raise Refused(_("Say how strong, from 1 to 99 %."), "percent")
    return values


def add_tie_type(*, actor: Entrance, facts: TieTypeFacts) -> TieType:
    """Make a kind of tie; raises Refused."""
    permit(actor, "manage")
    values = _checked(facts)
    taken = set(TieType.objects.values_list("key", flat=True))
    if len(taken) >= MOST:
        raise Refused(_("There are %(most)s kinds already. Let one become another first.") % {"most": MOST})
    with operation("add_tie_type"):
        saved: TieType = TieType.objects.create(key=_free_key(values, taken), **values)
        return saved


def _free_key(values: Mapping[str, Any], taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", fold(values["name_en"] or values["name_nl"])).strip("_")[:34] or "tie"
    taken = taken | set(TieKind.values) | TIE_WORDS_TAKEN
    return next(one for one in (key, *(f"{key}_{number}" for number in range(2, MOST + 99))) if one not in taken)


def change_tie_type(*, actor: Entrance, type: TieType, facts: TieTypeFacts, based_on: int) -> TieType:
    """Change how a kind of tie reads and what it is worth; ends and direction stay. Raises Refused and EditConflict."""
    permit(actor, "manage")
    stay = TieTypeFacts(**(asdict(facts) | {name: getattr(type, name) for name in FIXED}))
    values = {name: value for name, value in _checked(stay).items() if name not in FIXED}
    with operation("change_tie_type"):
        return save_edit(type, values, based_on=based_on)


def retire_tie_type(*, actor: Entrance, type: TieType) -> Operation:
    """Offer a kind of tie no longer; the ties there are keep it."""
    permit(actor, "manage")
    with operation("retire_tie_type") as done:
        TieType.objects.filter(id=type.id, retired_at__isnull=True).update(retired_at=now())
    return done


def bring_tie_type_back(*, actor: Entrance, type: TieType) -> Operation:
    """Offer a retired kind of tie again."""
    permit(actor, "manage")
    with operation("bring_tie_type_back") as done:
        TieType.objects.filter(id=type.id).update(retired_at=None)
    return done


def remove_tie_type(*, actor: Entrance, type: TieType, into: str) -> Operation:
    """Let every tie of a kind become one of another kind, also those one does not see, and take the kind away.

    It asks for another kind whether or not there are such ties: who may not see them learns nothing from it.
    """
    permit(actor, "manage")
    wanted = sort_called(into)
    if wanted is None or not sort_of(type).may_become(wanted):
        raise Refused(_("Choose what its ties become: a kind in use that goes between the same ends."), "into")
    with operation("remove_tie_type") as done:
        held = TieType.objects.filter(id__in=[one for one in (type.id, wanted.type_id) if one]).order_by("id")
        if len(list(held.select_for_update())) != (2 if wanted.type_id else 1):
            raise Refused(_("There is no such kind of tie any more. Choose another."), "into")
        with connection.cursor() as cursor:
            cursor.execute("SELECT plein_retype_ties(%s, %s, %s)", [type.id, wanted.key, wanted.type_id])
        TieType.objects.filter(id=type.id).delete()
    return done
