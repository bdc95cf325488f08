-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Contact between two relations, kept in step with moments and their participants. Whatever happens is an addition: what
-- the moments touched amount to now, less what they amounted to before. Sums are exact, so that the order of events and
-- of additions changes nothing, and two who add to one pair at once only wait for each other.

-- What somebody may be asked, and whether what we have of them is used.
CREATE OR REPLACE FUNCTION plein_network_asked(workspace integer, wanted uuid[])
    RETURNS TABLE (relation uuid, is_person boolean, asked_until timestamptz, is_used boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    mode text := coalesce((SELECT s.steps FROM consent_settings s WHERE s.workspace_id = workspace LIMIT 1), 'objection');
BEGIN
    RETURN QUERY
        SELECT r.id, r.kind = 'person',
               CASE WHEN r.kind <> 'person' OR r.do_not_contact THEN '-infinity'::timestamptz
                    WHEN r.seat_id IS NOT NULL THEN
                        CASE WHEN EXISTS (SELECT FROM consent_step_choice c WHERE c.workspace_id = workspace
                                             AND c.seat_id = r.seat_id AND NOT c.is_open)
                             THEN '-infinity' ELSE 'infinity' END::timestamptz
                    WHEN k.is_kept THEN '-infinity'
                    WHEN d.state IN ('refused', 'withdrawn') THEN '-infinity'
                    WHEN mode <> 'consent' THEN 'infinity'
                    WHEN d.state = 'given' THEN coalesce(d.holds_until, 'infinity')
                    ELSE '-infinity' END,
               NOT k.is_kept
          FROM unnest(wanted) AS w (id)
          JOIN relations_relation r ON r.workspace_id = workspace AND r.id = w.id
         CROSS JOIN LATERAL (
               SELECT r.seat_id IS NULL AND EXISTS (
                          SELECT FROM consent_subject s JOIN consent_restriction t
                            ON t.workspace_id = workspace AND t.subject_id = s.id
                           WHERE s.workspace_id = workspace AND s.relation_id = r.id) AS is_kept) k
          LEFT JOIN LATERAL (
               SELECT c.state, c.holds_until
                 FROM consent_subject s
                 JOIN consent_decision c ON c.workspace_id = workspace AND c.subject_id = s.id AND c.point_value = ''
                 JOIN consent_purpose p ON p.workspace_id = workspace AND p.id = c.purpose_id
                      AND p.key = 'introductions' AND p.retired_at IS NULL
                WHERE s.workspace_id = workspace AND s.relation_id = r.id
                  AND EXISTS (SELECT FROM consent_in_force f WHERE f.workspace_id = workspace AND f.decision_id = c.id)
                ORDER BY c.decided_at DESC, c.id DESC LIMIT 1) d ON true;
END $$;

-- How strength is measured here: as the company chose, and otherwise as Plein does.
CREATE OR REPLACE FUNCTION plein_network_measure(workspace integer, OUT half_life float8, OUT reciprocity float8,
                                                 OUT even float8, OUT crowd integer, OUT weights jsonb, OUT floors jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT coalesce(86400.0 * m.half_life, {half_life})::float8, coalesce(m.reciprocity, {reciprocity})::float8,
           coalesce(m.even, {even})::float8, coalesce(m.crowd, {crowd}),
           '{weights}'::jsonb || coalesce(m.weights, '{}'), '{floors}'::jsonb || coalesce(m.floors, '{}')
      FROM (VALUES (workspace)) w (id) LEFT JOIN network_measuring m ON m.workspace_id = w.id
$$;

-- What a sum of contact weighs: the logarithm of what is left of it when it goes one way more than the other, in units of
-- what makes a tie of one half.
DROP FUNCTION IF EXISTS plein_network_weight(numeric, numeric);
CREATE OR REPLACE FUNCTION plein_network_weight(sum_out numeric, sum_in numeric, reciprocity float8, even float8)
    RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    SET search_path = public, pg_temp
    RETURN CASE WHEN sum_out + sum_in <= 0 THEN -1000
                ELSE ln((sum_out + sum_in)::float8) - ln(even)
                     + ln(greatest(reciprocity + (1 - reciprocity) * 2 * least(sum_out, sum_in)::float8
                                   / (sum_out + sum_in)::float8, 1e-9))
           END;

-- Carries contact over to both directions of its tie, and forgets what came to nothing.
CREATE OR REPLACE FUNCTION plein_network_settle(workspace integer, touched bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    missing bigint[];
    rho float8;
    half float8;
BEGIN
    SELECT m.reciprocity, m.even INTO rho, half FROM plein_network_measure(workspace) m;
    UPDATE network_half h SET weight = plein_network_weight(c.sum_out, c.sum_in, rho, half)
      FROM network_contact c
     WHERE c.workspace_id = workspace AND c.id = ANY (touched) AND c.sum_out + c.sum_in > 0
       AND h.workspace_id = workspace AND h.near_id = c.low_id AND h.far_id = c.high_id
       AND h.ground = 0 AND h.circle_id = c.circle_id;
    UPDATE network_half h SET weight = plein_network_weight(c.sum_out, c.sum_in, rho, half)
      FROM network_contact c
     WHERE c.workspace_id = workspace AND c.id = ANY (touched) AND c.sum_out + c.sum_in > 0
       AND h.workspace_id = workspace AND h.near_id = c.high_id AND h.far_id = c.low_id
       AND h.ground = 0 AND h.circle_id = c.circle_id;
    SELECT array_agg(c.id) INTO missing FROM network_contact c
     WHERE c.workspace_id = workspace AND c.id = ANY (touched) AND c.sum_out + c.sum_in > 0
       AND NOT EXISTS (SELECT FROM network_half h WHERE h.workspace_id = workspace AND h.near_id = c.low_id
                          AND h.far_id = c.high_id AND h.ground = 0 AND h.circle_id = c.circle_id);
    IF missing IS NOT NULL THEN
        WITH fresh AS MATERIALIZED (
            SELECT c.* FROM network_contact c WHERE c.workspace_id = workspace AND c.id = ANY (missing)
        ), known AS MATERIALIZED (
            SELECT * FROM plein_network_asked(workspace,
                (SELECT array_agg(DISTINCT e.id) FROM fresh f CROSS JOIN LATERAL (VALUES (f.low_id), (f.high_id)) e (id)))
        )
        INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, is_shared,
                                  to_person, asked_until, is_used)
        SELECT workspace, f.circle_id, e.near, e.far, 0, false, plein_network_weight(f.sum_out, f.sum_in, rho, half), true,
               far.is_person, far.asked_until, far.is_used AND near.is_used
          FROM fresh f
         CROSS JOIN LATERAL (VALUES (f.low_id, f.high_id), (f.high_id, f.low_id)) e (near, far)
          JOIN known near ON near.relation = e.near
          JOIN known far ON far.relation = e.far;
    END IF;
    IF EXISTS (SELECT FROM network_contact c WHERE c.workspace_id = workspace AND c.id = ANY (touched)
                  AND (c.moments <= 0 OR c.sum_out + c.sum_in <= 0)) THEN
        -- Contact that weighs nothing is no tie.
        DELETE FROM network_half h USING network_contact c, LATERAL (VALUES (c.low_id, c.high_id), (c.high_id, c.low_id)) e (near, far)
         WHERE c.workspace_id = workspace AND c.id = ANY (touched) AND (c.moments <= 0 OR c.sum_out + c.sum_in <= 0)
           AND h.workspace_id = workspace AND h.near_id = e.near AND h.far_id = e.far
           AND h.ground = 0 AND h.circle_id = c.circle_id;
        DELETE FROM network_contact c WHERE c.workspace_id = workspace AND c.id = ANY (touched) AND c.moments <= 0;
    END IF;
END $$;
