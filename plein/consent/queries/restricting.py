# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of whom we keep what we have without using it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from plein.consent.models import Restriction
from plein.core.finding.finder import looking
from plein.core.isolation import workspace_id

#: Deliberately without circles: what somebody asked counts for everybody. It names no one whom the asker may not see.
_RESTRICTED = """
    SELECT p.value, s.relation_id FROM consent_restriction t
      JOIN consent_subject s ON s.workspace_id = t.workspace_id AND s.id = t.subject_id
      JOIN relations_contact_point_link l ON l.workspace_id = t.workspace_id AND l.relation_id = s.relation_id
           AND l.revoked_at IS NULL
      JOIN relations_contact_point p ON p.workspace_id = t.workspace_id AND p.id = l.contact_point_id
     WHERE t.workspace_id = %s AND p.kind = %s AND p.value = ANY(%s)
"""


def restriction_of(relation_id: UUID) -> Restriction | None:
    """What stands in the way of using what we have of somebody, if anything does; one query."""
    found: Restriction | None = (
        Restriction.objects.filter(subject__relation_id=relation_id).order_by("since", "id").first()
    )
    return found


def restricted_of(relations: Iterable[UUID]) -> set[UUID]:
    """Which of these people's data are not used; one query."""
    found = Restriction.objects.filter(subject__relation_id__in=list(relations))
    return set(found.values_list("subject__relation_id", flat=True))


def restricted_at(values: Sequence[str], kind: str) -> dict[str, UUID]:
    """Which addresses are of somebody whose data are not used, and who that is, whoever may see them; one query."""
    if not values:
        return {}
    with looking() as cursor:
        cursor.execute(_RESTRICTED, [workspace_id(), str(kind), list(values)])
        return dict(cursor.fetchall())
