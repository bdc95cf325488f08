# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose page it is, and through which address somebody can be let in."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from plein.consent.queries import may_send
from plein.core.audit import audit_look
from plein.core.finding.finder import looking
from plein.core.isolation import Context, no_workspace, workspace_context, workspace_id
from plein.mypage.models import PageRequest, PageSettings
from plein.mypage.picture import Picture, picture_of
from plein.mypage.vocabulary import Standing
from plein.outbox.queries.asking import who_knows
from plein.relations.models import ContactPointLink, Relation
from plein.relations.queries import listed_addresses
from plein.relations.vocabulary import ContactKind
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance

MOST = 200
#: In every workspace: whose address it is. Nobody's, when it is of several or of an organization as well.
_KNOWN = """
    SELECT l.workspace_id, min(r.id::text)::uuid, min(r.circle_id), min(r.language)
      FROM relations_contact_point p
      JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id
      JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id
     WHERE p.kind = 'email' AND p.value = %s AND l.revoked_at IS NULL
     GROUP BY l.workspace_id
    HAVING count(DISTINCT r.id) = 1 AND bool_and(r.kind = 'person')
"""

#: Circles in whose every part no administrator is.
_UNSEEN = """
    SELECT whole.id FROM trust_circle whole
     WHERE whole.workspace_id = %s AND whole.id = ANY(%s)
       AND NOT EXISTS (
           SELECT FROM trust_seat o JOIN trust_user u ON u.id = o.user_id
            WHERE o.workspace_id = whole.workspace_id AND o.is_active AND u.is_active
              AND o.role IN ('owner', 'administrator')
              AND NOT EXISTS (
                  SELECT FROM trust_circle c
                   WHERE c.workspace_id = whole.workspace_id AND c.id = ANY (whole.parts)
                     AND NOT EXISTS (SELECT FROM trust_team_member m WHERE m.workspace_id = whole.workspace_id
                                        AND m.team_id = c.team_id AND m.seat_id = o.id)
                     AND NOT EXISTS (SELECT FROM trust_circle_seat n WHERE n.workspace_id = whole.workspace_id
                                        AND n.circle_id = c.id AND n.seat_id = o.id)))
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A person of one workspace who alone has an address."""

    workspace_id: int
    relation_id: UUID
    circle_id: int
    language: str


def settings_of_pages() -> PageSettings:
    """What the company chose; open, and not under every mail, unless it says otherwise."""
    return PageSettings.objects.first() or PageSettings(is_open=True, in_footer=False)


def is_in_footer() -> bool:
    """Whether mail offers people their page without anybody writing so."""
    chosen = settings_of_pages()
    return chosen.is_open and chosen.in_footer


def read_page(visit: str) -> Picture | None:
    """Everything that the visitor may see, in words, by the hash of their visit."""
    told = read_told(visit)
    return None if told is None else picture_of(told)


def read_told(visit: str) -> dict[str, Any] | None:
    """The same as the database tells it; one query, the only one there is."""
    with no_workspace("my page"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT plein_page_read(%s)", [visit])
        row = cursor.fetchone()
    if not row or row[0] is None:
        return None
    told: dict[str, Any] = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return told


def known_at(address: str) -> list[Known]:
    """The people of all workspaces to whom alone this address belongs, whoever may see them. Only a job asks."""
    with no_workspace("whose address"), transaction.atomic(), looking() as cursor:
        cursor.execute(_KNOWN, [address])
        return [Known(*row) for row in cursor.fetchall()]


def readers_behind(workspace: int, request_id: UUID) -> list[UUID]:
    """The users who see whoever made a request and may do something about it, who answers first. Only a job asks."""
    nobody = Context(workspace_id=workspace, door="my-page")
    with workspace_context(nobody), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM plein_page_readers(%s)", [request_id])
        return [row[0] for row in cursor.fetchall()]


def verb_to_answer(actor: Entrance, request: PageRequest) -> Verb:
    """What one must be allowed to do to answer a request: to manage; to write when no administrator sees the person."""
    if may(actor, "manage") or not may(actor, "write"):
        return "manage"
    return "write" if _without_administrator([request.circle_id]) else "manage"


def _without_administrator(circles: Iterable[int]) -> set[int]:
    """Of these circles those in which no administrator is who works here; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, [workspace_id(), list(circles)])
        return {row[0] for row in cursor.fetchall()}


def circles_to_answer(actor: Entrance) -> set[int] | None:
    """In which circles the actor answers what is asked: None for all that they see, for who manages."""
    if may(actor, "manage"):
        return None
    seen = set(PageRequest.objects.values_list("circle_id", flat=True).distinct()) if may(actor, "write") else set()
    return _without_administrator(seen) if seen else seen


def requests(circles: set[int] | None, *, is_open: bool = True) -> list[PageRequest]:
    """What was asked in these circles and waits, the most urgent first; or what was answered, the last first."""
    found = PageRequest.objects.select_related("subject__relation", "seat__user")
    if circles is not None:
        found = found.filter(circle_id__in=circles)
    if is_open:
        return _shown(found.filter(state=Standing.OPEN).order_by("due_on", "id")[:MOST])
    return _shown(found.exclude(state=Standing.OPEN).order_by("-answered_at", "-id")[:MOST])


def request_of(actor: Entrance, request_id: UUID) -> PageRequest | None:
    """What somebody asked, with whom it is about; none when it is not for the actor to answer."""
    found: PageRequest | None = PageRequest.objects.select_related("subject__relation").filter(id=request_id).first()
    if found is None or not may(actor, verb_to_answer(actor, found)):
        return None
    return _shown([found])[0]


def _shown(found: Iterable[PageRequest]) -> list[PageRequest]:
    requests = list(found)
    audit_look("relation", [one.subject.relation for one in requests], how="list")
    return requests


def is_theirs_alone(relation: Relation, address: str) -> bool:
    """Whether an address belongs to this person and to nobody else, as far as the asker may see."""
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value=address, revoked_at__isnull=True
    )
    return set(links.values_list("relation_id", flat=True)) == {relation.id}


def address_of(relation: Relation) -> str:
    """The address at which somebody reads mail that is theirs alone, or nothing."""
    return next(iter(addresses_of(relation)), "")


def addresses_of(relation: Relation) -> list[str]:
    """The addresses at which somebody reads mail that is theirs alone, the first to use first."""
    links = ContactPointLink.objects.filter(
        relation_id=relation.id, revoked_at__isnull=True, contact_point__kind=ContactKind.EMAIL
    ).select_related("contact_point")
    values = [one.contact_point.value for one in links.order_by("-is_primary", "id")]
    return [value for value in values if is_theirs_alone(relation, value)]


def stops_of(values: Sequence[str]) -> dict[str, str]:
    """What stands in the way of writing to these addresses, as with every mail of a colleague, in sentences."""
    words = {value: one.words for value, one in may_send(values, ask=who_knows).items()}
    return words | {value: one.words for value, one in listed_addresses(values).items()}
