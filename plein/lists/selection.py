# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an act on many records is about: the rows that were ticked, or everything a view shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from plein.lists.kinds import kind_of
from plein.lists.query import View, ViewQuery, ids, open_view
from plein.lists.query import count as count_view
from plein.trust.seats import Entrance

#: The most rows somebody can tick by hand.
MOST_TICKED = 5000


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of one kind: `chosen` ids, or with none the whole `view`, as a query string."""

    kind: str
    chosen: tuple[UUID, ...] = ()
    view: str | None = None

    @classmethod
    def read(cls, kind: str, sent: Mapping[str, Any], ticked: Sequence[str]) -> "Selection":
        """What a form sent: `all=1` with `view`, else `ids`. What is no id is nobody."""
        if sent.get("all") == "1":
            return cls(kind, view=str(sent.get("view", "")).removeprefix("?"))
        found = dict.fromkeys(one for text in ticked[:MOST_TICKED] if (one := _uuid(text)))
        return cls(kind, chosen=tuple(found))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Selection":
        """A selection as it was kept for a job."""
        return cls(kept["kind"], tuple(UUID(one) for one in kept["chosen"]), kept["view"])

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "chosen": [str(one) for one in self.chosen], "view": self.view}

    @property
    def is_everything(self) -> bool:
        """Whether it is a whole view, which may be larger than anybody has seen."""
        return self.view is not None

    @property
    def query(self) -> ViewQuery:
        """The view, as a query; raises BadFilter."""
        return ViewQuery.read(kind_of(self.kind), QueryDict(self.view or "").dict())

    def open(self, actor: Entrance) -> View:
        """The view for this reader; raises BadFilter. Never lenient: an act must not reach more than was asked."""
        return open_view(self.query, actor)

    def count(self, actor: Entrance, *, cap: int) -> int:
        """How many records, counted no further than just past the cap."""
        if self.is_everything:
            return count_view(self.open(actor), cap=cap)
        return kind_of(self.kind).rows().filter(id__in=self.chosen).count()

    def batches(self, actor: Entrance, *, size: int = 1000, after: UUID | None = None) -> Iterator[list[UUID]]:
        """The ids the actor may see, in the order of the ids, some at a time; `after` is where an earlier run ended."""
        if not self.is_everything:
            rest = sorted(one for one in self.chosen if after is None or one > after)
            for start in range(0, len(rest), size):
                rows = kind_of(self.kind).rows().filter(id__in=rest[start : start + size]).order_by("id")
                if found := list(rows.values_list("id", flat=True)):
                    yield found
            return
        view = self.open(actor)
        while found := ids(view, after=after, limit=size):
            yield found
            after = found[-1]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
