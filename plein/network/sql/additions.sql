, measure AS MATERIALIZED ({measure})
, parts AS MATERIALIZED (
    SELECT s.sign, s.moment, s.kind, s.at, s.relation, s.who, s.circle, c.parts AS seen, bool_or(s.role = 'from') AS is_from
      FROM sides s
      JOIN trust_circle c ON c.workspace_id = the_workspace AND c.id = s.circle
     GROUP BY s.sign, s.moment, s.kind, s.at, s.relation, s.who, s.circle, c.parts
), pairs AS MATERIALIZED (
    SELECT a.sign, a.moment, a.kind, a.at, a.relation AS low, b.relation AS high,
           CASE WHEN a.circle = b.circle THEN a.circle
                ELSE plein_meet(the_workspace, ARRAY[a.circle, b.circle]) END AS circle,
           CASE WHEN a.circle = b.circle THEN a.seen ELSE a.seen || b.seen END AS seen,
           CASE WHEN a.kind IN ('visit', 'meeting') THEN 'both'
                WHEN a.is_from AND NOT b.is_from THEN 'out'
                WHEN b.is_from AND NOT a.is_from THEN 'in'
                ELSE 'both' END AS way
      FROM parts a
      JOIN parts b ON b.sign = a.sign AND b.moment = a.moment AND b.relation > a.relation
     WHERE a.relation IS NOT NULL AND b.relation IS NOT NULL
       AND (a.kind IN ('visit', 'meeting', 'call') OR a.is_from OR b.is_from)
), sizes AS MATERIALIZED (
    -- How many took part, as far as everybody in the circle of the pair knows: who is hidden from them changes nothing.
    SELECT k.sign, k.moment, k.circle, count(DISTINCT p.who) - 1 AS others
      FROM (SELECT DISTINCT ON (sign, moment, circle) sign, moment, circle, seen FROM pairs
             ORDER BY sign, moment, circle) k
      JOIN parts p ON p.sign = k.sign AND p.moment = k.moment AND p.seen <@ k.seen
     GROUP BY k.sign, k.moment, k.circle
), weighed AS (
    SELECT e.sign, e.low, e.high, e.circle, e.at, e.kind,
           bool_or(e.way <> 'in') AS is_out, bool_or(e.way <> 'out') AS is_in,
           (((SELECT weights FROM measure) ->> e.kind)::numeric / s.others
            * power(2::float8, greatest(-{earliest}, least({farthest},
                  extract(epoch FROM e.at - '{landmark}'::timestamptz)::float8 / (SELECT half_life FROM measure)))))::numeric AS worth
      FROM pairs e
      JOIN sizes s ON s.sign = e.sign AND s.moment = e.moment AND s.circle = e.circle
     WHERE s.others BETWEEN 1 AND (SELECT crowd FROM measure)
     GROUP BY e.sign, e.moment, e.low, e.high, e.circle, e.at, e.kind, s.others
), deltas AS (
    SELECT low, high, circle,
           sum(sign * CASE WHEN NOT is_out THEN 0 WHEN is_in THEN worth * 0.5 ELSE worth END) AS sum_out,
           sum(sign * CASE WHEN NOT is_in THEN 0 WHEN is_out THEN worth * 0.5 ELSE worth END) AS sum_in,
           sum(sign) AS moments,
           sum(sign) FILTER (WHERE kind IN ('email', 'letter') AND is_out AND NOT is_in) AS written_out,
           sum(sign) FILTER (WHERE kind IN ('email', 'letter') AND is_in AND NOT is_out) AS written_in,
           sum(sign) FILTER (WHERE kind IN ('call', 'voicemail') AND is_out AND NOT is_in) AS called_out,
           sum(sign) FILTER (WHERE kind IN ('call', 'voicemail') AND is_in AND NOT is_out) AS called_in,
           sum(sign) FILTER (WHERE kind IN ('text', 'chat') AND is_out AND NOT is_in) AS chatted_out,
           sum(sign) FILTER (WHERE kind IN ('text', 'chat') AND is_in AND NOT is_out) AS chatted_in,
           sum(sign) FILTER (WHERE kind = 'post' AND is_out AND NOT is_in) AS posted_out,
           sum(sign) FILTER (WHERE kind = 'post' AND is_in AND NOT is_out) AS posted_in,
           sum(sign) FILTER (WHERE is_out AND is_in) AS together,
           min(at) FILTER (WHERE sign > 0) AS first_at, max(at) FILTER (WHERE sign > 0) AS last_at,
           bool_or(sign < 0) AS is_worn, sum(sign * extract(epoch FROM at)) AS shift
      FROM weighed
     GROUP BY low, high, circle
)
