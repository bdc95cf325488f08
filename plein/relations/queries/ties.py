# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of tie there are: those Plein has itself, and those of the company's own."""

from dataclasses import dataclass
from uuid import UUID

from plein.relations.models import TieType
from plein.relations.vocabulary import INVERSE_WORDING, NOT_FOR_ASKING, TieKind, tie_wording


@dataclass(frozen=True, slots=True)
class TieSort:
    """A kind of tie, whoever made it.

    words, inverse   how it reads from the one to the other, and from the other to the one
    one_kind         what may stand at the first end; nothing where either may
    may_introduce    whether one asks for an introduction over it, unless noted otherwise of a tie
    """

    key: str
    words: str
    inverse: str
    is_directed: bool
    one_kind: str = ""
    other_kind: str = ""
    may_introduce: bool = True
    type_id: UUID | None = None

    def fits(self, one: str, other: str) -> bool:
        """Whether it may go from one kind of relation to another."""
        return self.one_kind in ("", one) and self.other_kind in ("", other)

    def begins_at(self, kind: str, *, is_outgoing: bool) -> bool:
        """Whether a relation of this kind may stand at the end from which it reads so."""
        own = self.one_kind if is_outgoing else self.other_kind
        ends = {own} if self.is_directed else {self.one_kind, self.other_kind}
        return not kind or bool(ends & {"", kind})

    def may_become(self, other: "TieSort") -> bool:
        """Whether ties of this kind make sense as ties of another."""
        if self.key == other.key or (other.is_directed and not self.is_directed):
            return False
        return other.one_kind in ("", self.one_kind) and other.other_kind in ("", self.other_kind)


def _built_in(kind: str) -> TieSort:
    return TieSort(
        kind,
        tie_wording(kind, is_outgoing=True),
        tie_wording(kind, is_outgoing=False),
        is_directed=kind in INVERSE_WORDING,
        may_introduce=kind not in NOT_FOR_ASKING,
    )


def built_in_sorts() -> list[TieSort]:
    """The kinds of tie that are always there."""
    return [_built_in(kind) for kind in TieKind.values]


def sort_of(type: TieType) -> TieSort:
    """A kind of the company's own as any other."""
    return TieSort(
        type.key,
        type.name,
        type.inverse,
        is_directed=type.is_directed,
        one_kind=type.one_kind,
        other_kind=type.other_kind,
        may_introduce=type.may_introduce,
        type_id=type.id,
    )


def tie_types(*, with_retired: bool = False) -> list[TieType]:
    """The company's own kinds of tie, by how they read."""
    found = TieType.objects.all() if with_retired else TieType.objects.filter(retired_at__isnull=True)
    return sorted(found, key=lambda one: (one.name.casefold(), one.key))


def tie_sorts(*, with_retired: bool = False) -> list[TieSort]:
    """Every kind of tie one may choose: Plein's, then the company's own; one query."""
    return [*built_in_sorts(), *(sort_of(one) for one in tie_types(with_retired=with_retired))]


def sort_called(key: str) -> TieSort | None:
    """The kind of tie with this key, if it is in use; no query for one that Plein has itself."""
    if key in TieKind.values:
        return _built_in(key)
    found = TieType.objects.filter(key=key, retired_at__isnull=True).first()
    return sort_of(found) if found else None
