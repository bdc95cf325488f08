# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass

from django.utils import timezone

from plein.core.ids import now
from plein.inbox.queries.lists import HERE, MINE, SOURCE, SURE, fetch
from plein.inbox.vocabulary import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much waits for the reader, no further than one more than is counted; what came in today, and filed itself."""

    me: int
    unsure: int
    came: int
    filed: int


def numbers_of() -> Numbers:
    """The numbers of the inbox, of what the reader may see, in one statement."""
    begin = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = """
SELECT count(*) AS came, count(*) FILTER (WHERE i.lane = 'filed' AND NOT i.is_kept) AS filed
  FROM inbox_message i WHERE {i} AND i.came_at >= %(begin)s AND i.came_at <= %(now)s"""
    me, unsure = _waiting(SURE), _waiting(f"NOT {SURE}")
    [row] = fetch(
        f"SELECT ({me}), ({unsure}), t.came, t.filed FROM ({today}) t", {"begin": begin, "most": MOST_COUNTED + 1}
    )
    return Numbers(*row)


def _waiting(what: str) -> str:
    return f"SELECT count(*) FROM (SELECT 1 {SOURCE} WHERE {{i}} AND {HERE} AND {MINE} AND {what} LIMIT %(most)s) x"
