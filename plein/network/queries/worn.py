# SPDX-License-Identifier: AGPL-3.0-or-later
"""The contact of a pair from which something was taken away, looked up among the moments themselves.

Sums can be taken from, days cannot: once a moment went, only those that are left say when contact was first and last.
Counted is what the sums count (`sql/additions.sql`): a moment with more people than the company's measure allows is no
contact between two of them, and how many took part is what everybody knows who sees both.
"""

from plein.network.vocabulary import MEASURE

_ASIDE = "('about', 'for', 'sender', 'reply_to')"
#: `p` and `q` are the parts that two relations had in the moment `m`; whoever uses it says which relations.
WORN = f"""
    FROM moments_participant p
    JOIN moments_participant q ON {{q}} AND q.moment_id = p.moment_id AND q.role NOT IN {_ASIDE}
    JOIN moments_moment m ON {{m}} AND m.id = p.moment_id AND m.kind <> 'note' AND m.state = 'done'
         AND m.nature = 'personal'
   WHERE {{p}} AND p.role NOT IN {_ASIDE}
     AND (m.kind IN ('visit', 'meeting', 'call') OR p.role = 'from' OR q.role = 'from')
     AND (SELECT count(DISTINCT coalesce(o.relation_id, o.contact_point_id, o.id)) - 1
            FROM moments_participant o
            JOIN trust_circle oc ON oc.workspace_id = o.workspace_id AND oc.id = o.circle_id
            JOIN trust_circle pc ON pc.workspace_id = p.workspace_id AND pc.id = p.circle_id
            JOIN trust_circle qc ON qc.workspace_id = q.workspace_id AND qc.id = q.circle_id
           WHERE {{o}} AND o.moment_id = m.id AND o.role NOT IN {_ASIDE} AND oc.parts <@ (pc.parts || qc.parts))
         <= coalesce((SELECT k.crowd FROM network_measuring k WHERE k.workspace_id = m.workspace_id), {MEASURE.crowd})
"""
