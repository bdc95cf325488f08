# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether something may go out: nothing does without a ground. Asked before sending, and once more when it leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plein.consent.digests import digests_of
from plein.consent.models import NeverContact, Purpose
from plein.consent.queries.purposes import purpose_called
from plein.consent.queries.restricting import restricted_at
from plein.consent.vocabulary import NO, OBJECTABLE, PERSONAL, Basis, State
from plein.core.finding.finder import looking
from plein.core.ids import now
from plein.core.isolation import current, workspace_id
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind

#: Deliberately without circles: an objection counts for everybody. A yes counts only for who may see whose it is.
_DECIDED = """
    WITH about AS (
        SELECT p.value, s.id AS subject, coalesce(s.relation_id, s.id) AS person, s.circle_id
          FROM relations_contact_point p
          JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
               AND l.revoked_at IS NULL
          JOIN consent_subject s ON s.workspace_id = l.workspace_id AND s.relation_id = l.relation_id
         WHERE p.workspace_id = %(workspace)s AND p.kind = %(kind)s AND p.value = ANY(%(values)s)
         UNION
        SELECT d.point_value, s.id, coalesce(s.relation_id, s.id), s.circle_id
          FROM consent_decision d
          JOIN consent_subject s ON s.workspace_id = d.workspace_id AND s.id = d.subject_id
         WHERE d.workspace_id = %(workspace)s AND d.point_kind = %(kind)s AND d.point_value = ANY(%(values)s)
    )
    SELECT DISTINCT ON (a.value, a.person) a.value, a.person, a.circle_id, d.state, d.holds_until, d.decided_at
      FROM about a
      JOIN consent_decision d ON d.workspace_id = %(workspace)s AND d.subject_id = a.subject
           AND d.purpose_id = %(purpose)s
           AND (d.point_value = '' OR (d.point_kind = %(kind)s AND d.point_value = a.value))
     WHERE EXISTS (SELECT FROM consent_in_force f WHERE f.workspace_id = %(workspace)s AND f.decision_id = d.id)
     ORDER BY a.value, a.person, d.decided_at DESC, d.id DESC
"""

type Asking = Callable[[Relation], str]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing may go to an address, in a sentence for whoever wants to; `relation_id` where they may know whose."""

    value: str
    reason: str
    words: str
    relation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    value: str
    person: UUID
    is_seen: bool
    state: State
    decided_at: datetime


def may_send(
    values: Iterable[str], purpose: Purpose | None = None, *, kind: str = ContactKind.EMAIL, ask: Asking | None = None
) -> dict[str, Stop]:
    """What stands in the way of sending to these addresses for a purpose (personal contact when none is named).

    The values are in their normal form. `ask` says in a sentence whom to ask about a relation. Addresses with a ground
    are not in the answer. Four queries, five when somebody said no.
    """
    asked = list(dict.fromkeys(values))
    wanted = purpose or purpose_called(PERSONAL)
    stops = never_contact(asked, kind=kind)
    stops |= _restricted([value for value in asked if value not in stops], kind)
    left = [value for value in asked if value not in stops]
    if unfit := _unfit(wanted, kind):
        return stops | {value: Stop(value, "unfit", unfit) for value in left}
    if not left or wanted is None or wanted.basis not in OBJECTABLE:
        return stops
    rows = _decided(left, kind, wanted.id)
    persons = _visible(rows)
    for value in left:
        about = [row for row in rows if row.value == value]
        if stop := _stop(value, about, wanted, persons, ask):
            stops[value] = stop
    return stops


def _unfit(purpose: Purpose | None, kind: str) -> str:
    if purpose is None:
        return _("Personal contact is no longer in use here. Choose another purpose.")
    if purpose.is_retired:
        return _("“%(purpose)s” is no longer in use. Choose another purpose.") % {"purpose": purpose.name}
    if kind not in purpose.kinds:
        facts = {"purpose": purpose.name, "kind": ContactKind(kind).label}
        return _("“%(purpose)s” is not for %(kind)s. Choose another purpose.") % facts
    return ""


def never_contact(values: Sequence[str], *, kind: str = ContactKind.EMAIL) -> dict[str, Stop]:
    """Which of these are on the never-contact list; it says nothing of whose they are or were."""
    return {value: stop for (_kind, value), stop in never_listed([(kind, value) for value in values]).items()}


def never_listed(points: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Stop]:
    """Which of these contact points, by kind and value, are on the never-contact list; one query."""
    digests = {digest: point for point in points for digest in digests_of(*point)}
    if not digests:
        return {}
    found = NeverContact.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    words = _("%(address)s is on the list of addresses that are never used. Only an administrator can change that.")
    listed = {digests[digest] for digest in found}
    return {point: Stop(point[1], "never", words % {"address": point[1]}) for point in listed}


def _restricted(values: list[str], kind: str) -> dict[str, Stop]:
    """Addresses of people who asked us not to use their data: that goes before every purpose and ground."""
    found = restricted_at(values, kind)
    seen = {one.id: one for one in Relation.objects.filter(id__in=set(found.values()))} if found else {}
    stops = {}
    for value, person in found.items():
        if person in seen:
            words = _("%(name)s asked us not to use their data for now. Only an administrator can lift that.")
            stops[value] = Stop(value, "restricted", words % {"name": seen[person].name}, person)
        else:
            words = _("Whoever is behind %(address)s asked us not to use their data for now.")
            stops[value] = Stop(value, "restricted", words % {"address": value})
    return stops


def _decided(values: list[str], kind: str, purpose: UUID) -> list[_Row]:
    parameters: dict[str, Any] = {"workspace": workspace_id(), "kind": str(kind), "values": values, "purpose": purpose}
    with looking() as cursor:
        cursor.execute(_DECIDED, parameters)
        found = cursor.fetchall()
    circles, today = set(current().circles), now()
    rows = []
    for value, person, circle, state, until, at in found:
        is_over = state == State.GIVEN and until is not None and until <= today
        rows.append(_Row(value, person, _is_seen(circle, circles), State.EXPIRED if is_over else State(state), at))
    return rows


def _is_seen(circle: int, circles: set[int]) -> bool:
    """Whether the asker may see whose decision it is."""
    return circle in circles


def _visible(rows: list[_Row]) -> dict[UUID, Relation]:
    wanted = {row.person for row in rows if row.is_seen and row.state != State.GIVEN}
    if not wanted:
        return {}
    return {one.id: one for one in Relation.objects.filter(id__in=wanted).select_related("owner__user")}


def _stop(
    value: str, rows: list[_Row], purpose: Purpose, persons: dict[UUID, Relation], ask: Asking | None
) -> Stop | None:
    said_no = [row for row in rows if row.state in NO]
    if purpose.basis == Basis.CONSENT:
        if not said_no and any(row.state == State.GIVEN and row.is_seen for row in rows):
            return None
        known = [row for row in rows if row.is_seen and row.state != State.GIVEN]
        if not known:
            words = _("Nobody said yes to “%(purpose)s” for %(address)s. Ask them first, and note what they say.")
            return Stop(value, "none", words % {"purpose": purpose.name, "address": value})
        return _told(value, known[0], purpose, persons, ask)
    if not said_no:
        return None
    known = [row for row in said_no if row.is_seen]
    if not known:
        words = _("Whoever is behind %(address)s does not want “%(purpose)s”.")
        return Stop(value, "no", words % {"purpose": purpose.name, "address": value})
    return _told(value, known[0], purpose, persons, ask)


def _told(value: str, row: _Row, purpose: Purpose, persons: dict[UUID, Relation], ask: Asking | None) -> Stop:
    """The sentence for somebody who may see whose decision it is."""
    relation = persons.get(row.person)
    facts = {
        "name": relation.name if relation else value,
        "purpose": purpose.name,
        "day": date_format(localtime(row.decided_at), "j F Y"),
    }
    words = {
        State.WITHDRAWN: _("%(name)s withdrew from “%(purpose)s” on %(day)s."),
        State.REFUSED: _("%(name)s said no to “%(purpose)s” on %(day)s."),
        State.EXPIRED: _("%(name)s said yes to “%(purpose)s” on %(day)s, and that no longer counts. Ask again."),
    }[row.state] % facts
    whom = ask(relation) if relation and ask else ""
    reason = "expired" if row.state == State.EXPIRED else "no"
    return Stop(value, reason, f"{words} {whom}".strip(), relation.id if relation else None)
