# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which people are asked for: by where they work and as what, by place and by tag."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plein.network.queries.following import Moment


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people count in an answer. Through whom one goes is another matter.

    organization  where they work today
    role          words of the role they have there, or anywhere
    place, tag    by name, whatever the capitals
    """

    organization: UUID | None = None
    place: str = ""
    role: str = ""
    tag: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everybody counts."""
        return self == EVERYBODY

    def condition(self, id: str) -> str:
        """The same as SQL, of an expression that is somebody's id."""
        told = []
        if self.place:
            told.append(
                f"EXISTS (SELECT FROM relations_relation r WHERE {{r}} AND r.id = {id}"
                ' AND lower(r.place COLLATE "default") = lower(%(place)s))'
            )
        if self.organization or self.role:
            organization = "AND m.organization_id = %(organization)s" if self.organization else ""
            role = "AND m.role ILIKE %(role)s" if self.role else ""
            told.append(
                f"EXISTS (SELECT FROM relations_membership m WHERE {{m}} AND m.person_id = {id} {organization} {role}"
                " AND (m.starts_on IS NULL OR m.starts_on <= %(today)s)"
                " AND (m.ends_on IS NULL OR m.ends_on >= %(today)s))"
            )
        if self.tag:
            told.append(
                "EXISTS (SELECT FROM relations_tagging g JOIN relations_tag t ON {t} AND t.id = g.tag_id"
                f" WHERE {{g}} AND g.relation_id = {id} AND lower(t.name) = lower(%(tag)s))"
            )
        return " AND ".join(told) or "true"

    def values(self, moment: Moment) -> dict[str, Any]:
        """What stands in that condition."""
        words = re.sub(r"([\\%_])", r"\\\1", self.role.strip())
        return {
            "today": moment.today,
            "organization": self.organization,
            "place": self.place.strip(),
            "role": f"%{words}%",
            "tag": self.tag.strip(),
        }


EVERYBODY = PeopleFilter()
