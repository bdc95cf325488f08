-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who may be meant, by any of their keys, and all their keys that the reader may see: as the reader, behind both locks. Of
-- a value that very many share nobody is looked at; their other keys find the right one.
-- Functions of the reader, so that the database plans these once per connection, not once per question; and so that the plan
-- is by index, also where the database believes that there are few.
-- Away first: what it gives may not be changed in place.
DROP FUNCTION IF EXISTS plein_identity_candidates(integer[], jsonb);
CREATE FUNCTION plein_identity_candidates(circles integer[], wanted jsonb)
    RETURNS TABLE (relation uuid, name text, place text, circle integer, keys text[], is_apart boolean)
    LANGUAGE plpgsql STABLE
    SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    exact text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'exact'));
    begins text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'begins') UNION ALL
        SELECT 'm ' || plein_identity_sound(s ->> 0) || ' ' || left(s ->> 1, 1) FROM jsonb_array_elements(wanted -> 'sounds') s);
    sounds text[] := ARRAY(SELECT 'm ' || plein_identity_sound(s ->> 0) || ' ' || (s ->> 1) FROM jsonb_array_elements(wanted -> 'sounds') s);
    apart text[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'apart'));
    addresses text[] := ARRAY(SELECT substr(e, 3) FROM unnest(exact) e WHERE left(e, 1) IN ('e', 'p'));
    found uuid[];
BEGIN
    -- Whatever more than {most} share says too little by itself, and is passed by.
    found := ARRAY(
        SELECT c.relation_id FROM unnest(exact || sounds) w
         CROSS JOIN LATERAL (SELECT m.relation_id, count(*) OVER () AS many FROM (
            SELECT k.relation_id FROM identity_key k
             WHERE k.workspace_id = workspace AND k.kind = left(w, 1) AND k.value = substr(w, 3) AND k.circle_id = ANY (circles)
             ORDER BY k.workspace_id, k.kind, k.value, k.circle_id, k.relation_id LIMIT {most} + 1) m) c
         WHERE c.many <= {most}
        UNION
        SELECT c.relation_id FROM unnest(begins) w
         CROSS JOIN LATERAL (SELECT m.relation_id, count(*) OVER () AS many FROM (
            SELECT k.relation_id FROM identity_key k
             WHERE k.workspace_id = workspace AND k.kind = left(w, 1) AND k.value >= substr(w, 3)
               AND k.value < substr(w, 3, length(w) - 3) || chr(ascii(right(w, 1)) + 1) AND k.circle_id = ANY (circles)
             ORDER BY k.workspace_id, k.kind, k.value, k.circle_id, k.relation_id LIMIT {most} + 1) m) c
         WHERE c.many <= {most}
        UNION
        -- Of a name that many bear, those in that place.
        SELECT c.id FROM jsonb_array_elements(wanted -> 'placed') w
         CROSS JOIN LATERAL (SELECT m.id, count(*) OVER () AS many FROM (
            SELECT p.id FROM relations_relation p
             WHERE p.workspace_id = workspace AND p.kind = 'person' AND p.place = w ->> 0 AND p.sort_name >= w ->> 1
               AND p.sort_name < (w ->> 1) || '~' AND p.circle_id = ANY (circles) LIMIT {most} + 1) m) c
         WHERE c.many <= {most});
    RETURN QUERY
        SELECT r.id, r.name::text, r.place::text, r.circle_id, ARRAY(
                   SELECT k.kind || ' ' || k.value FROM identity_key k
                    WHERE k.workspace_id = workspace AND k.relation_id = r.id AND k.circle_id = ANY (circles) AND k.kind <> 'm'),
               EXISTS (SELECT FROM identity_apart a
                        WHERE a.workspace_id = workspace AND a.relation_id = r.id AND a.circle_id = ANY (circles)
                          AND (a.key = ANY (apart) OR EXISTS (SELECT FROM relations_contact_point p
                                WHERE p.workspace_id = workspace AND p.id = a.contact_point_id AND p.circle_id = ANY (circles)
                                  AND p.value = ANY (addresses))))
          FROM relations_relation r
         WHERE r.workspace_id = workspace AND r.id = ANY (found) AND r.circle_id = ANY (circles) AND r.kind = 'person';
END $$;

-- How many people the reader sees bear a name ("berg jan", "berg "), work at an organization ("|smit") or live in a place
-- ("@Zwolle"), up to {common}; beyond that what was counted at night, where it was. The empty one is how many there are.
CREATE OR REPLACE FUNCTION plein_identity_bearers(circles integer[], names text[])
    RETURNS TABLE (value text, people bigint)
    LANGUAGE plpgsql STABLE
    SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    RETURN QUERY
        SELECT n.value, coalesce(t.people::bigint, CASE left(n.value, 1)
            WHEN '@' THEN (SELECT count(*) FROM (SELECT FROM relations_relation r
                WHERE r.workspace_id = workspace AND r.kind = 'person' AND r.place = substr(n.value, 2)
                  AND r.circle_id = ANY (circles) LIMIT {common}) c)
            WHEN '|' THEN (SELECT count(*) FROM (SELECT FROM identity_key k
                WHERE k.workspace_id = workspace AND k.kind = 'd' AND k.circle_id = ANY (circles)
                  AND k.value >= substr(n.value, 2) || '|' AND k.value < substr(n.value, 2) || '}' LIMIT {common}) c)
            ELSE (SELECT count(*) FROM (SELECT FROM identity_key k
                WHERE k.workspace_id = workspace AND k.kind = 'n' AND k.circle_id = ANY (circles)
                  AND k.value >= n.value AND k.value < CASE WHEN right(n.value, 1) = ' '
                      THEN left(n.value, -1) || '!' ELSE n.value || ' ' END LIMIT {common}) c) END)
          FROM unnest(names) n (value)
          LEFT JOIN identity_term t ON t.workspace_id = workspace AND t.value = n.value;
    RETURN QUERY
        SELECT '', coalesce((SELECT t.people::bigint FROM identity_term t WHERE t.workspace_id = workspace AND t.value = ''),
            (SELECT count(*) FROM (SELECT FROM relations_relation r
              WHERE r.workspace_id = workspace AND r.kind = 'person' AND r.circle_id = ANY (circles) LIMIT {uncounted}) c));
END $$;

-- Which of many, by their places, somebody may be: those of whom anybody has a key that begins so.
CREATE OR REPLACE FUNCTION plein_identity_near(circles integer[], places integer[], kinds text[], begins text[])
    RETURNS SETOF integer
    LANGUAGE plpgsql STABLE
    SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    RETURN QUERY
        SELECT w.place FROM unnest(places, kinds, begins) w (place, kind, start)
         WHERE EXISTS (SELECT FROM identity_key k
                        WHERE k.workspace_id = workspace AND k.kind = w.kind AND k.value >= w.start
                          AND k.value < left(w.start, -1) || chr(ascii(right(w.start, 1)) + 1)
                          AND k.circle_id = ANY (circles));
END $$;
