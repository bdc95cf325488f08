# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something may be asked: counted in one statement, so that requests at the same time count each other."""

from math import ceil
from time import monotonic
from uuid import UUID, uuid5

from django.db import connection

from plein.core.isolation import current, no_workspace

LOOKING = "look"
#: Made from what is done and by whom, the subject that is counted.
COUNTED = UUID("0a7f3c52-6f0e-4a57-9a3d-3d0f5f7f2b61")
#: How often one person may do what costs more than a page: in a minute, and for mail in ten.
SEARCHES, UPLOADS, PAGES_DRAWN, MAILS_IN_TEN = 60, 60, 240, 60
#: And how often they may be shown something while they type, in one process.
TYPED, MINUTE, MOST_TYPING = 240, 60.0, 10_000
WRONG_TOKENS = 60

#: The time that is counted begins with the first request in it. Counting goes on while somebody is told to wait.
COUNT = """
INSERT INTO trust_rate_count AS r (subject, began_at, count) VALUES (%(subject)s, clock_timestamp(), 1)
ON CONFLICT (subject) DO UPDATE
   SET count = CASE WHEN r.began_at > now() - make_interval(mins => %(minutes)s)
                    THEN least(r.count, %(most)s) + 1 ELSE 1 END,
       began_at = CASE WHEN r.began_at > now() - make_interval(mins => %(minutes)s)
                       THEN r.began_at ELSE clock_timestamp() END
RETURNING count, extract(epoch FROM began_at + make_interval(mins => %(minutes)s) - clock_timestamp())
"""


def seconds_to_wait(subject: UUID, *, most: int, minutes: int = 1) -> int:
    """Count a request of this subject; 0, or how long to wait when it had as many as it may have in these minutes."""
    with no_workspace("count a request"), connection.cursor() as cursor:
        cursor.execute(COUNT, {"subject": subject, "most": most, "minutes": minutes})
        count, left = cursor.fetchone() or (0, 0)
    return max(1, ceil(left)) if count > most else 0


class TooOften(Exception):
    """Somebody does something more often than is good for the others; `wait` says for how many seconds to be quiet."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def slow_down(what: str, whose: object, *, most: int, minutes: int = 1) -> None:
    """Count that somebody does this, and raise TooOften when it was as often as it may be in these minutes.

    Who looks through a colleague's eyes may write nothing, not even this.
    """
    if current().door == LOOKING:
        return
    wait = seconds_to_wait(uuid5(COUNTED, f"{what}\n{whose}"), most=most, minutes=minutes)
    if wait:
        raise TooOften(wait)


_typing: dict[object, tuple[float, int]] = {}


def slow_down_typing(whose: object) -> None:
    """The same for what is shown at each letter: counted in this process alone, for it has no time for a statement."""
    at = monotonic()
    began, count = _typing.get(whose, (at, 0))
    if began <= at - MINUTE:
        began, count = at, 0
    if len(_typing) >= MOST_TYPING and whose not in _typing:
        _typing.clear()
    _typing[whose] = (began, count + 1)
    if count >= TYPED:
        raise TooOften(max(1, ceil(began + MINUTE - at)))
