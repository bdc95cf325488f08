# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from dataclasses import dataclass

from django.utils import timezone

from plein.core.ids import now
from plein.inbox.queries.lists import HERE, MINE, SOURCE, SURE, fetch
from plein.inbox.vocabulary import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much waits for the reader, no further than one more than is counted; what came in today, and filed itself;
    and the topics one may choose from, by id.
    """

    me: int
    unsure: int
    came: int
    filed: int
    topics: dict[str, str]


def numbers_of() -> Numbers:
    """The numbers of the inbox, of what the reader may see, in one statement."""
    begin = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = """
SELECT count(*) AS came, count(*) FILTER (WHERE i.lane = 'filed' AND NOT i.is_kept) AS filed
  FROM inbox_message i WHERE {i} AND i.came_at >= %(begin)s AND i.came_at <= %(now)s"""
    topics = "SELECT jsonb_agg(jsonb_build_array(o.id, o.name) ORDER BY o.name, o.id) FROM moments_topic o WHERE {o}"
    mine, doubtful = _waiting(SURE), _waiting(f"NOT {SURE}")
    [row] = fetch(
        f"SELECT ({mine}), ({doubtful}), t.came, t.filed, ({topics}) FROM ({today}) t",
        {"begin": begin, "most": MOST_COUNTED + 1},
    )
    me, unsure, came, filed, named = row
    return Numbers(me, unsure, came, filed, dict(json.loads(named or "[]")))


def _waiting(what: str) -> str:
    return f"SELECT count(*) FROM (SELECT 1 {SOURCE} WHERE {{i}} AND {HERE} AND {MINE} AND {what} LIMIT %(most)s) x"
