-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Declared ties, colleagues, members, and who may be asked: each derived anew where something about it changed.

-- Both directions of these declared ties.
CREATE OR REPLACE FUNCTION plein_network_declare(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    floors jsonb := (SELECT m.floors FROM plein_network_measure(workspace) m);
BEGIN
    WITH ties AS MATERIALIZED (
        SELECT t.id, t.circle_id, t.one_id, t.other_id, t.starts_on, t.ends_on,
               coalesce(t.may_introduce, t.own_circle_id IS NULL
                   AND coalesce(y.may_introduce, t.kind NOT IN ({not_for_asking}))) AS is_shared,
               CASE WHEN y.id IS NULL THEN CASE t.kind {grounds} END ELSE {own} END AS ground,
               CASE y.strength {own_floors} WHEN 'exact' THEN y.percent / 100.0 END AS own_weight
          FROM relations_tie t
          LEFT JOIN relations_tie_type y ON y.workspace_id = workspace AND y.id = t.type_id
         WHERE t.workspace_id = workspace AND t.id = ANY (wanted) AND t.one_id <> t.other_id
    ), known AS MATERIALIZED (
        SELECT * FROM plein_network_asked(workspace,
            (SELECT array_agg(DISTINCT e.id) FROM ties f CROSS JOIN LATERAL (VALUES (f.one_id), (f.other_id)) e (id)))
    )
    INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, starts_on, ends_on,
                              is_shared, to_person, asked_until, is_used, origin_id)
    SELECT workspace, f.circle_id, e.near, e.far, f.ground, true,
           coalesce(f.own_weight, (floors ->> f.ground::text)::float8), f.starts_on, f.ends_on,
           f.is_shared, far.is_person, far.asked_until, far.is_used AND near.is_used, f.id
      FROM ties f
     CROSS JOIN LATERAL (VALUES (f.one_id, f.other_id), (f.other_id, f.one_id)) e (near, far)
      JOIN known near ON near.relation = e.near
      JOIN known far ON far.relation = e.far
     WHERE f.ground <> {own} OR f.own_weight IS NOT NULL;
END $$;

-- Both directions of these memberships.
CREATE OR REPLACE FUNCTION plein_network_enrol(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    floors jsonb := (SELECT m.floors FROM plein_network_measure(workspace) m);
BEGIN
    WITH members AS MATERIALIZED (
        SELECT m.* FROM relations_membership m
         WHERE m.workspace_id = workspace AND m.id = ANY (wanted) AND m.person_id <> m.organization_id
    ), known AS MATERIALIZED (
        SELECT * FROM plein_network_asked(workspace, (SELECT array_agg(DISTINCT e.id) FROM members f
            CROSS JOIN LATERAL (VALUES (f.person_id), (f.organization_id)) e (id)))
    )
    INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, starts_on, ends_on,
                              is_shared, to_person, asked_until, is_used, origin_id)
    SELECT workspace, f.circle_id, e.near, e.far, {member}, true, (floors ->> '{member}')::float8, f.starts_on, f.ends_on,
           true, far.is_person, far.asked_until, far.is_used AND near.is_used, f.id
      FROM members f
     CROSS JOIN LATERAL (VALUES (f.person_id, f.organization_id), (f.organization_id, f.person_id)) e (near, far)
      JOIN known near ON near.relation = e.near
      JOIN known far ON far.relation = e.far;
END $$;

-- Whom those who just came know at these organizations, each of them so small that everybody there knows everybody.
CREATE OR REPLACE FUNCTION plein_network_welcome(workspace integer, small uuid[], news uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    floors jsonb := (SELECT m.floors FROM plein_network_measure(workspace) m);
BEGIN
    WITH pairs AS MATERIALIZED (
        SELECT DISTINCT n.organization_id AS organization, least(n.person_id, m.person_id) AS low,
               greatest(n.person_id, m.person_id) AS high, greatest(n.starts_on, m.starts_on) AS starts_on,
               least(n.ends_on, m.ends_on) AS ends_on,
               CASE WHEN n.circle_id = m.circle_id THEN n.circle_id
                    WHEN n.person_id < m.person_id THEN plein_meet(workspace, ARRAY[n.circle_id, m.circle_id])
                    ELSE plein_meet(workspace, ARRAY[m.circle_id, n.circle_id]) END AS circle
          FROM relations_membership n
          JOIN relations_membership m ON m.workspace_id = workspace AND m.organization_id = n.organization_id
               AND m.person_id <> n.person_id
         WHERE n.workspace_id = workspace AND n.id = ANY (news) AND n.organization_id = ANY (small)
           AND coalesce(n.starts_on <= m.ends_on, true) AND coalesce(m.starts_on <= n.ends_on, true)
    ), missing AS MATERIALIZED (
        SELECT p.* FROM pairs p WHERE NOT EXISTS (SELECT FROM network_half h
             WHERE h.workspace_id = workspace AND h.near_id = p.low AND h.far_id = p.high AND h.ground = {colleague}
               AND h.origin_id = p.organization AND h.circle_id = p.circle
               AND h.starts_on IS NOT DISTINCT FROM p.starts_on AND h.ends_on IS NOT DISTINCT FROM p.ends_on)
    ), known AS MATERIALIZED (
        SELECT * FROM plein_network_asked(workspace, (SELECT array_agg(DISTINCT e.id) FROM missing f
            CROSS JOIN LATERAL (VALUES (f.low), (f.high)) e (id)))
    )
    INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, starts_on, ends_on,
                              is_shared, to_person, asked_until, is_used, origin_id)
    SELECT workspace, f.circle, e.near, e.far, {colleague}, true, (floors ->> '{colleague}')::float8, f.starts_on, f.ends_on,
           true, far.is_person, far.asked_until, far.is_used AND near.is_used, f.organization
      FROM missing f
     CROSS JOIN LATERAL (VALUES (f.low, f.high), (f.high, f.low)) e (near, far)
      JOIN known near ON near.relation = e.near
      JOIN known far ON far.relation = e.far;
END $$;

-- Who are colleagues at these organizations: in the same period, where a group is small enough to know each other. How
-- large a group is, is counted as everybody in the circle of a pair knows it, on the last day that both are there: whoever
-- left before, or came after, is not counted.
-- `parted` are people who may have left, `news` the memberships that may just have come: an organization that was too
-- large before is passed by. What stays as it was is not written again.
DROP FUNCTION IF EXISTS plein_network_enlist(integer, uuid[], uuid[], bigint);
CREATE OR REPLACE FUNCTION plein_network_enlist(workspace integer, wanted uuid[], parted uuid[], news uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    organization uuid;
    size bigint;
    added bigint := cardinality(news);
    organizations uuid[] := ARRAY(SELECT DISTINCT w FROM unnest(wanted) w ORDER BY 1);
    small uuid[];
    settled uuid[];
    floors jsonb := (SELECT m.floors FROM plein_network_measure(workspace) m);
BEGIN
    PERFORM FROM relations_relation r
      WHERE r.workspace_id = workspace AND r.id = ANY (organizations) ORDER BY r.id FOR NO KEY UPDATE;
    -- Where nobody left, and everybody together is few enough to know each other, there is no more to do than to note
    -- whom the new ones know: that is most of a list that comes in.
    IF parted = '{}' AND added > 0 THEN
        small := ARRAY(SELECT w FROM unnest(organizations) w WHERE (SELECT count(*) FROM (
            SELECT FROM relations_membership m
             WHERE m.workspace_id = workspace AND m.organization_id = w LIMIT {group} + 1) n) <= {group});
        PERFORM plein_network_welcome(workspace, small, news);
        organizations := ARRAY(SELECT w FROM unnest(organizations) w WHERE w <> ALL (small) ORDER BY 1);
        -- Nor is there anything where everybody works for the whole, for good, is seen by everyone, and was too many before.
        settled := ARRAY(SELECT w FROM unnest(organizations) w WHERE (
            SELECT count(DISTINCT n.person_id) FILTER (WHERE n.id <> ALL (news)) > {group} AND bool_and(n.is_plain)
              FROM (SELECT m.id, m.person_id, btrim(m.department) = '' AND m.ends_on IS NULL AND EXISTS (SELECT FROM trust_circle c
                           WHERE c.workspace_id = workspace AND c.id = m.circle_id AND c.kind = 'everyone') AS is_plain
                      FROM relations_membership m
                     WHERE m.workspace_id = workspace AND m.organization_id = w LIMIT {largest} + added + 1) n));
        organizations := ARRAY(SELECT w FROM unnest(organizations) w WHERE w <> ALL (settled) ORDER BY 1);
    END IF;
    FOREACH organization IN ARRAY organizations LOOP
        -- Only what everyone here sees counts: the ties that somebody sees tell nothing of what they do not see.
        SELECT count(*) INTO size FROM (SELECT FROM relations_membership m
              JOIN trust_circle c ON c.workspace_id = workspace AND c.id = m.circle_id AND c.kind = 'everyone'
             WHERE m.workspace_id = workspace AND m.organization_id = organization LIMIT {largest} + added + 1) n;
        CONTINUE WHEN size > {largest} + added;
        WITH members AS MATERIALIZED (
            SELECT g.key, m.person_id AS person, m.starts_on, m.ends_on, coalesce(m.starts_on, '-infinity') AS begins,
                   coalesce(m.ends_on, 'infinity') AS ends, m.circle_id AS circle, c.parts
              FROM relations_membership m
              JOIN trust_circle c ON c.workspace_id = workspace AND c.id = m.circle_id
             CROSS JOIN LATERAL (SELECT '' AS key UNION SELECT lower(btrim(m.department))) g
             WHERE m.workspace_id = workspace AND m.organization_id = organization AND size <= {largest}
        ), small AS MATERIALIZED (
            SELECT k.key, k.circle, d.day
              FROM (SELECT DISTINCT key, circle, parts FROM members) k
              JOIN (SELECT DISTINCT key, ends AS day FROM members) d ON d.key = k.key
              JOIN members o ON o.key = k.key AND o.parts <@ k.parts AND d.day BETWEEN o.begins AND o.ends
             GROUP BY k.key, k.circle, d.day HAVING count(DISTINCT o.person) <= {group}
        ), there AS MATERIALIZED (
            SELECT m.*, s.day FROM small s
              JOIN members m ON m.key = s.key AND m.circle = s.circle AND s.day BETWEEN m.begins AND m.ends
        ), pairs AS MATERIALIZED (
            SELECT a.key, a.day, a.person AS low, b.person AS high, greatest(a.starts_on, b.starts_on) AS starts_on,
                   least(a.ends_on, b.ends_on) AS ends_on,
                   CASE WHEN a.circle = b.circle THEN a.circle
                        ELSE plein_meet(workspace, ARRAY[a.circle, b.circle]) END AS circle,
                   CASE WHEN a.circle = b.circle THEN a.parts ELSE a.parts || b.parts END AS parts
              FROM there a
              JOIN there b ON b.key = a.key AND b.day = a.day AND b.person > a.person
             WHERE a.day = least(a.ends, b.ends)
        ), sizes AS MATERIALIZED (
            SELECT k.key, k.circle, k.day
              FROM (SELECT DISTINCT ON (key, circle, day) key, circle, day, parts FROM pairs ORDER BY key, circle, day) k
              JOIN members o ON o.key = k.key AND o.parts <@ k.parts AND k.day BETWEEN o.begins AND o.ends
             GROUP BY k.key, k.circle, k.day HAVING count(DISTINCT o.person) <= {group}
        ), fresh AS MATERIALIZED (
            SELECT DISTINCT p.low, p.high, p.starts_on, p.ends_on, p.circle
              FROM pairs p JOIN sizes s ON s.key = p.key AND s.circle = p.circle AND s.day = p.day
        ), present AS MATERIALIZED (
            SELECT h.id, least(h.near_id, h.far_id) AS low, greatest(h.near_id, h.far_id) AS high, h.starts_on, h.ends_on,
                   h.circle_id AS circle
              FROM (SELECT m.person_id FROM relations_membership m
                     WHERE m.workspace_id = workspace AND m.organization_id = organization
                     UNION SELECT unnest(parted)) p
              JOIN network_half h ON h.workspace_id = workspace AND h.near_id = p.person_id AND h.ground = {colleague}
                   AND h.origin_id = organization
        ), gone AS (
            DELETE FROM network_half h USING (
                SELECT p.id FROM present p WHERE (p.low, p.high, p.circle, coalesce(p.starts_on, '-infinity'),
                    coalesce(p.ends_on, 'infinity')) NOT IN (SELECT f.low, f.high, f.circle,
                    coalesce(f.starts_on, '-infinity'), coalesce(f.ends_on, 'infinity') FROM fresh f)) g
             WHERE h.workspace_id = workspace AND h.id = g.id
        ), missing AS MATERIALIZED (
            SELECT low, high, starts_on, ends_on, circle FROM fresh
            EXCEPT SELECT low, high, starts_on, ends_on, circle FROM present
        ), known AS MATERIALIZED (
            SELECT * FROM plein_network_asked(workspace, (SELECT array_agg(DISTINCT e.id) FROM missing f
                CROSS JOIN LATERAL (VALUES (f.low), (f.high)) e (id)))
        )
        INSERT INTO network_half (workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, starts_on, ends_on,
                                  is_shared, to_person, asked_until, is_used, origin_id)
        SELECT workspace, f.circle, e.near, e.far, {colleague}, true, (floors ->> '{colleague}')::float8, f.starts_on, f.ends_on,
               true, far.is_person, far.asked_until, far.is_used AND near.is_used, organization
          FROM missing f
         CROSS JOIN LATERAL (VALUES (f.low, f.high), (f.high, f.low)) e (near, far)
          JOIN known near ON near.relation = e.near
          JOIN known far ON far.relation = e.far;
    END LOOP;
END $$;

-- Whether these may be asked, and whether what we have of them is used, as all their ties should know.
CREATE OR REPLACE FUNCTION plein_network_refresh(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    IF wanted IS NULL THEN RETURN; END IF;
    WITH known AS MATERIALIZED (SELECT DISTINCT * FROM plein_network_asked(workspace, wanted)),
    theirs AS MATERIALIZED (
        SELECT DISTINCT h.far_id AS near, k.relation AS far, k.is_person, k.asked_until
          FROM known k JOIN network_half h ON h.workspace_id = workspace AND h.near_id = k.relation
    )
    UPDATE network_half h SET asked_until = t.asked_until, to_person = t.is_person
      FROM theirs t
     WHERE h.workspace_id = workspace AND h.near_id = t.near AND h.far_id = t.far
       AND (h.asked_until, h.to_person) IS DISTINCT FROM (t.asked_until, t.is_person);
    WITH known AS MATERIALIZED (SELECT DISTINCT * FROM plein_network_asked(workspace, wanted)),
    ends AS MATERIALIZED (
        SELECT DISTINCT k.relation, k.is_used, h.far_id
          FROM known k JOIN network_half h ON h.workspace_id = workspace AND h.near_id = k.relation
         WHERE NOT (h.is_used AND k.is_used)
    ), others AS MATERIALIZED (
        SELECT * FROM plein_network_asked(workspace, (SELECT array_agg(DISTINCT e.far_id) FROM ends e))
    ), pairs AS MATERIALIZED (
        SELECT v.near, v.far, e.is_used AND o.is_used AS is_used
          FROM ends e JOIN others o ON o.relation = e.far_id
         CROSS JOIN LATERAL (VALUES (e.relation, e.far_id), (e.far_id, e.relation)) v (near, far)
    )
    UPDATE network_half h SET is_used = p.is_used
      FROM pairs p
     WHERE h.workspace_id = workspace AND h.near_id = p.near AND h.far_id = p.far AND h.is_used <> p.is_used;
END $$;

CREATE OR REPLACE FUNCTION plein_network_ties() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM network_half h USING old_rows o, LATERAL (VALUES (o.one_id, o.other_id), (o.other_id, o.one_id)) e (near, far)
         WHERE h.workspace_id = workspace AND h.near_id = e.near AND h.far_id = e.far AND h.origin_id = o.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM plein_network_declare(workspace, (SELECT array_agg(n.id) FROM new_rows n));
    END IF;
    RETURN NULL;
END $$;

-- The ties of a company's own kinds, when what such a kind is worth changed. Nobody notes one meanwhile with the worth of before.
CREATE OR REPLACE FUNCTION plein_network_types() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    changed uuid[];
    theirs uuid[];
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock({lock}, workspace);
    IF TG_OP = 'UPDATE' THEN
        changed := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
                          WHERE (n.strength, n.percent, n.may_introduce) IS DISTINCT FROM (o.strength, o.percent, o.may_introduce));
    ELSIF TG_OP = 'INSERT' THEN
        changed := ARRAY(SELECT n.id FROM new_rows n);
    ELSE
        changed := ARRAY(SELECT o.id FROM old_rows o);
    END IF;
    theirs := ARRAY(SELECT t.id FROM relations_tie t WHERE t.workspace_id = workspace AND t.type_id = ANY (changed));
    IF theirs = '{}' THEN RETURN NULL; END IF;
    DELETE FROM network_half h USING relations_tie t, LATERAL (VALUES (t.one_id, t.other_id), (t.other_id, t.one_id)) e (near, far)
     WHERE t.workspace_id = workspace AND t.id = ANY (theirs)
       AND h.workspace_id = workspace AND h.near_id = e.near AND h.far_id = e.far AND h.origin_id = t.id;
    PERFORM plein_network_declare(workspace, theirs);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_network_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    organizations uuid[] := '{}';
    parted uuid[] := '{}';
    news uuid[] := '{}';
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM network_half h
         USING old_rows o, LATERAL (VALUES (o.person_id, o.organization_id), (o.organization_id, o.person_id)) e (near, far)
         WHERE h.workspace_id = workspace AND h.near_id = e.near AND h.far_id = e.far AND h.origin_id = o.id;
        organizations := ARRAY(SELECT o.organization_id FROM old_rows o);
        parted := ARRAY(SELECT o.person_id FROM old_rows o);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        news := ARRAY(SELECT n.id FROM new_rows n);
        PERFORM plein_network_enrol(workspace, news);
        organizations := organizations || ARRAY(SELECT n.organization_id FROM new_rows n);
    END IF;
    PERFORM plein_network_enlist(workspace, organizations, parted, news);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_network_decided() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    subjects uuid[] := '{}';
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN subjects := ARRAY(SELECT o.subject_id FROM old_rows o); END IF;
    IF TG_OP <> 'DELETE' THEN subjects := subjects || ARRAY(SELECT n.subject_id FROM new_rows n); END IF;
    PERFORM plein_network_refresh(workspace, (SELECT array_agg(DISTINCT s.relation_id) FROM consent_subject s
        WHERE s.workspace_id = workspace AND s.id = ANY (subjects) AND s.relation_id IS NOT NULL));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_network_subjects() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    relations uuid[] := '{}';
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN relations := ARRAY(SELECT o.relation_id FROM old_rows o WHERE o.relation_id IS NOT NULL); END IF;
    IF TG_OP <> 'DELETE' THEN
        relations := relations || ARRAY(SELECT n.relation_id FROM new_rows n WHERE n.relation_id IS NOT NULL);
    END IF;
    PERFORM plein_network_refresh(workspace, relations);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_network_choices() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    seats uuid[] := '{}';
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN seats := ARRAY(SELECT o.seat_id FROM old_rows o); END IF;
    IF TG_OP <> 'DELETE' THEN seats := seats || ARRAY(SELECT n.seat_id FROM new_rows n); END IF;
    PERFORM plein_network_refresh(workspace, (SELECT array_agg(r.id) FROM relations_relation r
        WHERE r.workspace_id = workspace AND r.seat_id = ANY (seats)));
    RETURN NULL;
END $$;

-- What counts for everybody: the setting of the company, and the purpose itself.
CREATE OR REPLACE FUNCTION plein_network_everybody() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    IF TG_TABLE_NAME = 'consent_purpose' THEN
        IF TG_OP = 'INSERT' THEN RETURN NULL; END IF;
        IF NOT EXISTS (SELECT FROM old_rows o WHERE o.key = 'introductions') THEN RETURN NULL; END IF;
    END IF;
    PERFORM plein_network_refresh(workspace,
        (SELECT array_agg(DISTINCT h.near_id) FROM network_half h WHERE h.workspace_id = workspace));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_network_persons() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    changed uuid[];
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    EXECUTE $sql$ SELECT array_agg(e.id) FROM (
        SELECT id, kind, seat_id, do_not_contact FROM new_rows
        EXCEPT SELECT id, kind, seat_id, do_not_contact FROM old_rows) e $sql$ INTO changed;
    PERFORM plein_network_refresh(workspace, changed);
    RETURN NULL;
END $$;

-- Everything, when the company measures otherwise from now on.
CREATE OR REPLACE FUNCTION plein_network_remeasured() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NULLIF(current_setting('plein.workspace', true), '') IS NOT NULL THEN PERFORM plein_network_rebuild(); END IF;
    RETURN NULL;
END $$;
