# SPDX-License-Identifier: AGPL-3.0-or-later
"""One moment with all that belongs to it as one row: the SQL, and the plain data it becomes.

Every table is named with `{alias}`, where the literal workspace and circles go (lock 2); row-level security asks again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.audit import Shown, audit_look
from plein.core.finding.finder import scoped
from plein.moments.queries.recognised import WORTH
from plein.relations.queries.jobs import Past

#: So many participants stand in a list; a moment's own page shows more.
FEW, MANY = 13, 501

_PARTS = """
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(q.id, q.role, q.relation_id, q.name, q.kind, q.is_ours, q.heard, q.circle_id,
                                       q.past, q.answer)
                     ORDER BY q.place, q.id) AS parts
      FROM (SELECT p.id, p.role, r.id AS relation_id, r.kind, r.circle_id, p.is_ours, p.answer,
                   coalesce(r.name, nullif(p.heard_name, ''), nullif(cp.display, ''), cp.value, '') AS name,
                   coalesce(nullif(cp.display, ''), cp.value, '') AS heard,
                   array_position(ARRAY['from','sender','with','to','about','for','cc','bcc','reply_to'], p.role::text)
                   AS place,
                   CASE WHEN NOT p.is_ours THEN (
                       SELECT jsonb_agg(jsonb_build_array(o.name, w.starts_on, w.ends_on) ORDER BY w.id)
                         FROM relations_membership w
                         JOIN relations_relation o ON {o} AND o.id = w.organization_id
                        WHERE {w} AND w.person_id = p.relation_id AND w.ends_on < current_date
                          AND w.ends_on >= m.occurred_at::date - 1) END AS past
              FROM moments_participant p
              LEFT JOIN relations_relation r ON {r} AND r.id = p.relation_id
              LEFT JOIN relations_contact_point cp ON {cp} AND cp.id = p.contact_point_id
             WHERE {p} AND p.moment_id = m.id
             ORDER BY place, p.id LIMIT %(parts)s) q) parts ON true
"""
_FILES = """
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(a.id, a.name, a.mime, a.size, a.sha256, a.content_id, a.is_inline)
                     ORDER BY a.id) AS files
      FROM (SELECT a.* FROM moments_attachment a WHERE {a} AND a.moment_id = m.id ORDER BY a.id LIMIT 100) a)
    files ON true
"""
_SOURCES = """
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(c.mailbox, c.folder, c.external_id, c.list_name,
                                       c.gone_at) ORDER BY c.id) AS sources
      FROM (SELECT c.* FROM moments_source c WHERE {c} AND c.moment_id = m.id ORDER BY c.id LIMIT %(sources)s) c)
    sources ON true
"""
_TEXT = """
LEFT JOIN LATERAL (SELECT s.title, s.location, s.circle_id FROM moments_subject s
                    WHERE {s} AND s.moment_id = m.id ORDER BY s.id LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT t.id, t.circle_id, t.purpose, t.outcome, t.follow_up, t.means_needed, t.quote_from,
                          t.signature_from, hashtext(t.text) AS print, %text% AS text, %html% AS html
                     FROM moments_text t WHERE {t} AND t.moment_id = m.id ORDER BY t.id LIMIT 1) t ON true
"""
_DELIVERY = """
LEFT JOIN LATERAL (SELECT d.state FROM moments_delivery d WHERE {d} AND d.moment_id = m.id LIMIT 1) d
    ON m.kind IN ('email', 'chat', 'post') AND m.direction = 'outbound'
"""
#: The beginning of what was said, without what it quotes (below it or line by line) and the signature.
_SAID = r"""left(coalesce(
    nullif(btrim(regexp_replace(left(t.text, least(t.quote_from, t.signature_from, 4000)),
                                '^[ \t]*>.*$', '', 'gn'), E' \t\r\n'), ''), t.text), 400)"""
#: The same on one line. In a mail a line ends where it was full; what people type by hand they list line by line.
_PREVIEW = rf"""
left(btrim(regexp_replace(
    CASE m.kind WHEN 'email' THEN {_SAID}
                ELSE regexp_replace({_SAID}, '([[:alnum:])])[ \t\r]*\n\s*(?=\S)', '\1 · ', 'g') END,
    '[[:space:]]+', ' ', 'g')), 241)
"""
_ROWS = """
SELECT m.id, m.kind, m.direction, m.reach, m.state, m.nature, m.occurred_at, m.ends_at, m.is_all_day, m.thread_id,
       m.version, m.circle_id, m.recorded_by_id, s.title, s.location, s.circle_id AS subject_circle,
       t.id AS text_id, t.text, t.html, t.quote_from, t.signature_from, t.purpose, t.outcome, t.follow_up,
       t.means_needed, t.circle_id AS text_circle, worth.relevance, d.state AS delivery, parts.parts, files.files,
       sources.sources
  FROM %source%
"""


def moment_sql(source: str, *, whole: bool = False) -> str:
    """The statement that reads moments `m` out of `source`, which ends in its own conditions and order."""
    text, html = ("t.text", "t.html") if whole else (_PREVIEW, "''")
    belongings = _TEXT.replace("%text%", text).replace("%html%", html) + WORTH + _DELIVERY + _PARTS + _FILES + _SOURCES
    return _ROWS.replace("%source%", source.replace("%laterals%", belongings))


@dataclass(frozen=True, slots=True)
class PartLine:
    """Somebody's part in a moment, as shown: the relation we believe it was, else as heard."""

    id: UUID
    role: str
    relation_id: UUID | None
    name: str
    kind: str
    is_ours: bool
    heard: str
    circle_id: int | None = None
    #: Work of theirs that they have left since.
    past: tuple[Past, ...] = ()
    #: What they answered to an invitation.
    answer: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came along."""

    id: UUID
    name: str
    mime: str
    size: int
    sha256: str
    content_id: str
    is_inline: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a copy of a message was found."""

    mailbox: str
    folder: str
    external_id: str
    list_name: str
    #: When we heard that it was taken away there.
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MomentLine:
    """A moment as a list shows it. `text` is the beginning of what was said, without quotes and signature."""

    id: UUID
    kind: str
    direction: str
    reach: str
    state: str
    nature: str
    occurred_at: datetime
    ends_at: datetime | None
    is_all_day: bool
    thread_id: UUID
    version: int
    circle_id: int
    recorded_by_id: UUID | None
    title: str
    location: str
    subject_circle: int | None
    text_id: UUID | None
    text: str
    html: str
    quote_from: int | None
    signature_from: int | None
    purpose: str
    outcome: str
    follow_up: str
    means_needed: str
    text_circle: int | None
    delivery: str
    parts: tuple[PartLine, ...]
    files: tuple[FileLine, ...]
    sources: tuple[SourceLine, ...]
    #: What it is worth, as a colleague says or as was recognised; "" where nobody looked yet.
    relevance: str = ""


def _part(row: list[Any]) -> PartLine:
    part, role, relation, name, kind, is_ours, heard, circle, past, answer = row
    left = tuple(Past(at, _day(begun), date.fromisoformat(over)) for at, begun, over in past or ())
    return PartLine(UUID(part), role, _uuid(relation), name, kind or "", bool(is_ours), heard, circle, left, answer)


def _source(row: list[Any]) -> SourceLine:
    mailbox, folder, external_id, list_name, gone_at = row
    return SourceLine(mailbox, folder, external_id, list_name, datetime.fromisoformat(gone_at) if gone_at else None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _line(row: dict[str, Any]) -> MomentLine:
    parts, files, sources = (json.loads(row[name] or "[]") for name in ("parts", "files", "sources"))
    texts = (
        "title",
        "location",
        "text",
        "html",
        "purpose",
        "outcome",
        "follow_up",
        "means_needed",
        "delivery",
        "relevance",
    )
    return MomentLine(
        **{
            **row,
            **{name: row[name] or "" for name in texts},
            "parts": tuple(_part(one) for one in parts),
            "files": tuple(FileLine(UUID(one[0]), *one[1:]) for one in files),
            "sources": tuple(_source(one) for one in sources),
        }
    )


def read_moments(
    source: str, parameters: Mapping[str, Any], *, whole: bool = False, parts: int = FEW, sources: int = 5
) -> list[MomentLine]:
    """Run one statement and give its moments, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(moment_sql(source, whole=whole)), {**parameters, "parts": parts, "sources": sources})
        names = [column.name for column in cursor.description or ()]
        lines = [_line(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    audit_look("moment", lines)
    named = {(part.relation_id, part.circle_id) for line in lines for part in line.parts}
    audit_look("relation", [Shown(one, circle) for one, circle in named if one and circle], how="list")
    return lines
