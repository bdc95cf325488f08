# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts what an import left in the database, in the terms of the expected figures."""

from collections.abc import Iterable
from typing import Any

from plein.core.isolation import workspace_id
from plein.moments.intake.rows import fetch

type Figures = dict[str, Any]

_LETTERS = """
    WITH letters AS (
        SELECT m.id, p.role, c.value, (SELECT count(*) FROM moments_source s WHERE s.workspace_id = m.workspace_id
                                          AND s.moment_id = m.id) AS copies
          FROM moments_moment m
          JOIN moments_participant p ON p.workspace_id = m.workspace_id AND p.moment_id = m.id
          JOIN relations_contact_point c ON c.workspace_id = p.workspace_id AND c.id = p.contact_point_id
         WHERE m.workspace_id = %s AND m.kind = 'email' AND p.role IN ('from', 'to', 'cc', 'bcc')),
    ties AS (
        SELECT DISTINCT f.id, f.value AS one, t.value AS other, f.copies
          FROM (SELECT DISTINCT ON (id) id, value, copies FROM letters WHERE role = 'from' ORDER BY id, value) f
          JOIN letters t ON t.id = f.id AND t.role <> 'from' AND t.value <> f.value)
"""
_QUERIES = {
    "distinct_addresses_from_to_cc_bcc": "SELECT count(DISTINCT value) FROM letters",
    "distinct_senders": "SELECT count(DISTINCT value) FROM letters WHERE role = 'from'",
    "distinct_domains": "SELECT count(DISTINCT split_part(value, '@', -1)) FROM letters",
    "directed_ties_from_to": "SELECT count(DISTINCT (one, other)) FROM ties",
    "undirected_ties": "SELECT count(DISTINCT (least(one, other), greatest(one, other))) FROM ties",
    "tie_messages_total": "SELECT sum(copies)::bigint FROM ties",
}
_TOP = """
    SELECT least(one, other), greatest(one, other), sum(copies)::bigint FROM ties
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20
"""
_MOMENTS = """
    SELECT count(*), min(occurred_at), max(occurred_at) FROM moments_moment WHERE workspace_id = %s AND kind = 'email'
"""
_SOURCES = """
    SELECT count(DISTINCT external_id) FROM moments_source
     WHERE workspace_id = %s AND external_id NOT LIKE 'calendar:%%'
"""
_OUTSIDE = """
    SELECT count(DISTINCT c.value), count(DISTINCT split_part(c.value, '@', -1)) FROM moments_participant p
      JOIN relations_contact_point c ON c.workspace_id = p.workspace_id AND c.id = p.contact_point_id
     WHERE p.workspace_id = %s AND NOT p.is_ours AND p.role IN ('from', 'to', 'cc', 'bcc')
"""
_LINKED = """
    SELECT c.value, r.id, r.name, coalesce(max(m.role), '')
      FROM relations_contact_point c
      JOIN relations_contact_point_link l ON l.workspace_id = c.workspace_id AND l.contact_point_id = c.id
      JOIN relations_relation r ON r.workspace_id = l.workspace_id AND r.id = l.relation_id AND r.kind = 'person'
      LEFT JOIN relations_membership m ON m.workspace_id = r.workspace_id AND m.person_id = r.id
     WHERE c.workspace_id = %s AND c.value = ANY(%s)
     GROUP BY 1, 2, 3
"""


def figures(counts: dict[str, Any]) -> Figures:
    """What stands in the database of the workspace in force."""
    found: Figures = {
        name: fetch(f"{_LETTERS}{query}", [workspace_id()])[0][0] or 0 for name, query in _QUERIES.items()
    }
    moments, first, last = fetch(_MOMENTS, [workspace_id()])[0]
    outside, domains = fetch(_OUTSIDE, [workspace_id()])[0]
    return found | {
        "messages": counts.get("messages", 0) - counts.get("unreadable", 0),
        "unique_messages_by_from_date_subject_body": moments,
        "distinct_message_ids": fetch(_SOURCES, [workspace_id()])[0][0],
        "first_date_utc": first.isoformat() if first else None,
        "last_date_utc": last.isoformat() if last else None,
        "unparsable_or_missing_date": counts.get("undated", 0),
        "external_addresses": outside,
        "external_domains": domains,
        "top_20_undirected_ties": [list(row) for row in fetch(f"{_LETTERS}{_TOP}", [workspace_id()])],
    }


def role_figures(named: dict[str, str], titled: Iterable[str]) -> Figures:
    """How many addresses of the list of roles became whom; `named` is a name, or "", by address."""
    rows = fetch(_LINKED, [workspace_id(), list(named)])
    known = set(titled)
    by_person: dict[Any, list[str]] = {}
    for address, person, _name, _title in rows:
        if named[address]:
            by_person.setdefault(person, []).append(address)
    return {
        "addresses_with_entry_in_people_roles": len({row[0] for row in rows}),
        "with_name": sum(bool(named[row[0]]) for row in rows),
        "with_role": sum(row[0] in known and bool(row[3]) for row in rows),
        "distinct_named_people": len(by_person),
        "people_with_more_than_one_address": sum(len(addresses) > 1 for addresses in by_person.values()),
    }
