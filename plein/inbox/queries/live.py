# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.core.ids import now
from plein.core.isolation import seat_id
from plein.inbox.queries.lists import fetch
from plein.inbox.vocabulary import ANSWERING, LATELY, STILL_ANSWERING
from plein.moments.models import Draft
from plein.trust.seats import Entrance

#: The newest message, the last move of one that came lately, and the last that somebody else wrote in an answer to one:
#: of what the reader may see.
_MARK = """
SELECT (SELECT i.id FROM inbox_message i WHERE {i} ORDER BY i.id DESC LIMIT 1),
       (SELECT max(f.trail -> -1 ->> 0) FROM inbox_message f WHERE {f} AND f.came_at > %(lately)s),
       (SELECT max(d.changed_at) FROM moments_draft d
          JOIN inbox_message j ON {j} AND d.key = %(prefix)s || j.moment_id
         WHERE d.workspace_id = %(workspace)s AND d.seat_id <> %(me)s AND d.changed_at > %(since)s)
"""


def mark_of_inbox(actor: Entrance) -> str:
    """How the inbox stands for a reader: another mark means that a page must look again."""
    asked = {
        "prefix": ANSWERING,
        "workspace": actor.workspace_id,
        "since": now() - STILL_ANSWERING,
        "lately": now() - LATELY,
    }
    [row] = fetch(_MARK, asked)
    return " ".join(map(str, row))


def answering(moment_id: UUID) -> list[str]:
    """Which colleagues write an answer to a message at this moment, but for the reader; never what they write."""
    drafts = Draft.objects.filter(key=f"{ANSWERING}{moment_id}", changed_at__gt=now() - STILL_ANSWERING)
    names = drafts.exclude(seat_id=seat_id()).order_by("changed_at").values_list("seat__user__name", flat=True)
    return list(names)
