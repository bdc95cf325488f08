# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something may be asked: counted in one statement, so that requests at the same time count each other."""

from math import ceil
from uuid import UUID

from django.db import connection

from plein.core.isolation import no_workspace

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
