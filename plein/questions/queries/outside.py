# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who from outside may know: only who lets us ask them, and only when who asked wants to."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from plein.core.audit import audit_look
from plein.core.finding import Weighed
from plein.core.finding.finder import scoped
from plein.questions.models import Asked, Question
from plein.questions.queries.suggesting import Suggestion, suggestions
from plein.relations.models import Relation

#: So many of those who had most to do with it are weighed.
LOOKED_AT = 50
_HEARD = """
    SELECT f.id FROM (
        SELECT p.relation_id AS id, p.moment_id AS record FROM moments_participant p
         WHERE {p} AND p.moment_id = ANY (%(records)s) AND p.role IN ('from', 'with')
         UNION
        SELECT r.id, r.id FROM relations_relation r WHERE {r} AND r.id = ANY (%(records)s)) f
      JOIN relations_relation o ON {o} AND o.id = f.id
     WHERE o.kind = 'person' AND o.seat_id IS NULL AND NOT o.is_ours AND NOT o.do_not_contact
     GROUP BY f.id ORDER BY count(*) DESC, f.id LIMIT %(most)s
"""


def asked_outside(question: Question) -> list[Relation]:
    """Whom of them who asked asked already; a query."""
    asked = Asked.objects.filter(question=question, person__seat__isnull=True).select_related("person")
    people = [one.person for one in asked.order_by("person__sort_name", "id")]
    audit_look("relation", people, how="list")
    return people


def from_outside(weighed: Weighed, *, question: Question, seat_id: UUID) -> list[Suggestion]:
    """The best of the people who do not work here and were not asked, as far as what they said tells; five queries."""
    values: dict[str, Any] = {"records": [one.record_id for one in weighed.found], "most": LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_HEARD), values)
        heard = [row[0] for row in cursor.fetchall()]
    known = Asked.objects.filter(question=question).values("person_id")
    wanted = Q(id__in=heard) & ~Q(id__in=known) | Q(seat_id=seat_id)
    found = list(Relation.objects.filter(wanted).order_by("id"))
    me = next((one for one in found if one.seat_id == seat_id), None)
    people = [one for one in found if one.seat_id is None]
    best = suggestions(me, people, weighed, seat_id=seat_id)
    return [one for one in best if one.is_known]
