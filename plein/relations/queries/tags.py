# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped

#: So many relations are counted for one tag; past that nobody needs to know exactly.
COUNTED = 1000
MOST_TAGS = 500


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag with how many relations carry it that the reader may see, counted no further than COUNTED."""

    id: UUID
    name: str
    colour: str
    count: int

    @property
    def words(self) -> str:
        """The count as people read it."""
        return f"{COUNTED:,}+" if self.count > COUNTED else str(self.count)


def tag_lines() -> list[TagLine]:
    """All tags that the reader may read, by name, each with how often it is used."""
    statement = scoped(
        """
        SELECT t.id, t.name, t.colour, n.count
          FROM relations_tag t
         CROSS JOIN LATERAL (SELECT count(*) AS count FROM (
               SELECT 1 FROM relations_tagging g WHERE {g} AND g.tag_id = t.id LIMIT %(most)s) counted) n
         WHERE {t} ORDER BY lower(t.name), t.id LIMIT %(tags)s
        """
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"most": COUNTED + 1, "tags": MOST_TAGS})
        return [TagLine(*row) for row in cursor.fetchall()]
