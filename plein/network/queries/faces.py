# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody is beside their name: what they do and where, whether they said yes, and some of whom else they know."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from plein.consent.vocabulary import INTRODUCTIONS, State
from plein.core.finding.finder import scoped
from plein.core.isolation import workspace_id
from plein.network.queries.following import PEOPLE, Moment
from plein.relations.models import Relation

#: Of the others that somebody knows so many are looked up, to hint at in a picture.
HINTED = 12
_TODAY = "({0}.starts_on IS NULL OR {0}.starts_on <= %(today)s) AND ({0}.ends_on IS NULL OR {0}.ends_on >= %(today)s)"
_FACES = f"""
    SELECT @columns@,
           coalesce(j.role, ''), coalesce(j.name, ''),
           ARRAY (SELECT h.far_id FROM network_half h
                   WHERE {{h}} AND h.near_id = r.id AND h.to_person AND @conditions@
                   ORDER BY h.is_lasting, h.weight DESC, h.far_id LIMIT {HINTED}),
           CASE WHEN r.seat_id IS NULL THEN
                (SELECT d.state = '{State.GIVEN}' AND (d.holds_until IS NULL OR d.holds_until > %(at)s)
                   FROM consent_subject s
                   JOIN consent_decision d ON {{d}} AND d.subject_id = s.id AND d.point_value = ''
                        AND d.decided_at <= %(at)s
                   JOIN consent_purpose p ON {{p}} AND p.id = d.purpose_id AND p.key = '{INTRODUCTIONS}'
                  WHERE {{s}} AND s.relation_id = r.id
                    AND EXISTS (SELECT FROM consent_in_force f WHERE {{f}} AND f.decision_id = d.id)
                  ORDER BY d.decided_at DESC, d.id DESC LIMIT 1)
                ELSE EXISTS (SELECT FROM consent_step_choice c
                              WHERE c.workspace_id = %(workspace)s AND c.seat_id = r.seat_id AND c.is_open) END,
           CASE WHEN %(with_members)s AND r.kind = 'organization' THEN ARRAY (
                SELECT q.id FROM relations_membership n
                  JOIN relations_relation q ON {{q}} AND q.id = n.person_id AND q.kind = 'person'
                       AND NOT q.do_not_contact
                 WHERE {{n}} AND n.organization_id = r.id AND {_TODAY.format("n")}) END,
           CASE WHEN %(with_colleagues)s THEN ARRAY (
                SELECT y.id FROM relations_relation y
                 WHERE {{y}} AND y.kind = 'person' AND y.seat_id IS NOT NULL
                   AND (y.seat_id = %(seat)s OR NOT EXISTS (
                        SELECT FROM consent_step_choice x
                         WHERE x.workspace_id = %(workspace)s AND x.seat_id = y.seat_id AND NOT x.is_open))) END
      FROM relations_relation r
      LEFT JOIN LATERAL (
           SELECT m.role, o.name FROM relations_membership m
             JOIN relations_relation o ON {{o}} AND o.id = m.organization_id
            WHERE {{m}} AND m.person_id = r.id AND {_TODAY.format("m")}
            ORDER BY m.starts_on DESC NULLS LAST, m.id LIMIT 1) j ON true
     WHERE {{r}} AND (r.id = ANY (%(ids)s::uuid[]) OR r.seat_id = %(seat)s)
"""


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody on a way, as a page shows them.

    said_yes  whether they said themselves that they may be asked for introductions
    others    some whom they know, by id
    members   who works there today and may be contacted, where that was asked
    """

    relation: Relation
    role: str
    organization: str
    said_yes: bool
    others: tuple[UUID, ...] = ()
    members: tuple[UUID, ...] = ()

    @property
    def id(self) -> UUID:
        """Whose face it is."""
        found: UUID = self.relation.id
        return found

    @property
    def kind(self) -> str:
        """Person or organization."""
        return str(self.relation.kind)

    @property
    def name(self) -> str:
        """The whole name."""
        return str(self.relation.name)

    @property
    def seat_id(self) -> UUID | None:
        """The seat of a colleague."""
        found: UUID | None = self.relation.seat_id
        return found

    @property
    def is_person(self) -> bool:
        """Whether it is somebody, not some body."""
        return bool(self.relation.is_person)

    @property
    def short(self) -> str:
        """What people call them: a person by the first name, an organization by its name."""
        if not self.is_person:
            return self.name
        return self.relation.given_name or self.name.partition(" ")[0]

    @property
    def about(self) -> str:
        """What they do and where, in a few words."""
        return ", ".join(filter(None, (self.role, self.organization)))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who a question is about, with whoever asks it, and all colleagues who may be asked, where that was wanted."""

    faces: dict[UUID, Face]
    colleagues: tuple[UUID, ...] = ()


@cache
def _columns() -> tuple[tuple[str, ...], str]:
    fields = Relation._meta.concrete_fields
    return tuple(one.attname for one in fields), ", ".join(f"r.{one.column}" for one in fields)


def faces_of(ids: Iterable[UUID], moment: Moment) -> dict[UUID, Face]:
    """These people and organizations, as far as the reader sees them; one query."""
    return _fetched(ids, moment).faces


def asking(ids: Iterable[UUID], moment: Moment, seat_id: UUID, *, with_colleagues: bool) -> Asking:
    """These, whoever has this seat, and who would be met or asked; one query."""
    return _fetched(ids, moment, seat_id, with_members=True, with_colleagues=with_colleagues)


def _fetched(
    ids: Iterable[UUID],
    moment: Moment,
    seat_id: UUID | None = None,
    *,
    with_members: bool = False,
    with_colleagues: bool = False,
) -> Asking:
    names, columns = _columns()
    values: dict[str, Any] = {
        "ids": list(ids),
        "seat": seat_id,
        "today": moment.today,
        "at": moment.at,
        "workspace": workspace_id(),
        "with_members": with_members,
        "with_colleagues": with_colleagues,
    }
    sql = scoped(_FACES).replace("@conditions@", PEOPLE.conditions()).replace("@columns@", columns)
    faces, colleagues = {}, ()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for row in cursor.fetchall():
            relation: Relation = Relation.from_db(connection.alias, names, row[: len(names)])
            role, organization, others, said, members, them = row[len(names) :]
            faces[relation.id] = Face(
                relation, role, organization, bool(said), tuple(dict.fromkeys(others)), tuple(members or ())
            )
            colleagues = tuple(them or ())
    return Asking(faces, colleagues)
