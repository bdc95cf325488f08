-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The whole network of the workspace in force, derived anew from what it is derived from.
CREATE OR REPLACE FUNCTION plein_network_rebuild() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    the_workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    touched_ids bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, the_workspace);
    DELETE FROM network_half WHERE workspace_id = the_workspace;
    DELETE FROM network_contact WHERE workspace_id = the_workspace;
    EXECUTE $sql$ WITH sides AS MATERIALIZED ({everything}){anew} SELECT array_agg(id) FROM kept $sql$
       INTO touched_ids USING the_workspace;
    IF touched_ids IS NOT NULL THEN PERFORM plein_network_settle(the_workspace, touched_ids); END IF;
    PERFORM plein_network_declare(the_workspace,
        (SELECT array_agg(t.id) FROM relations_tie t WHERE t.workspace_id = the_workspace));
    PERFORM plein_network_enrol(the_workspace,
        (SELECT array_agg(m.id) FROM relations_membership m WHERE m.workspace_id = the_workspace));
    PERFORM plein_network_enlist(the_workspace,
        (SELECT array_agg(DISTINCT m.organization_id) FROM relations_membership m WHERE m.workspace_id = the_workspace),
        '{}', '{}');
END $$;

-- How many lines of the network differ from what they would be if derived anew. It derives, compares, and takes it back.
CREATE OR REPLACE FUNCTION plein_network_differences(OUT contacts bigint, OUT ties bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    the_workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    found text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, the_workspace);
    CREATE TEMPORARY TABLE plein_contact_were ON COMMIT DROP AS
        SELECT {contact_columns} FROM network_contact c WHERE c.workspace_id = the_workspace;
    CREATE TEMPORARY TABLE plein_days_were ON COMMIT DROP AS
        SELECT c.low_id, c.high_id, c.circle_id, c.first_at, c.last_at FROM network_contact c
         WHERE c.workspace_id = the_workspace AND NOT c.is_worn;
    CREATE TEMPORARY TABLE plein_half_were ON COMMIT DROP AS
        SELECT {half_columns} FROM network_half h WHERE h.workspace_id = the_workspace;
    BEGIN
        PERFORM plein_network_rebuild();
        SELECT count(*) INTO contacts FROM (
            (SELECT {contact_columns} FROM network_contact c WHERE c.workspace_id = the_workspace EXCEPT ALL TABLE plein_contact_were)
            UNION ALL
            (TABLE plein_contact_were EXCEPT ALL SELECT {contact_columns} FROM network_contact c WHERE c.workspace_id = the_workspace)) d;
        contacts := contacts + (SELECT count(*) FROM network_contact c JOIN plein_days_were w
             ON w.low_id = c.low_id AND w.high_id = c.high_id AND w.circle_id = c.circle_id
          WHERE c.workspace_id = the_workspace AND (c.first_at, c.last_at) IS DISTINCT FROM (w.first_at, w.last_at));
        SELECT count(*) INTO ties FROM (
            (SELECT {half_columns} FROM network_half h WHERE h.workspace_id = the_workspace EXCEPT ALL TABLE plein_half_were)
            UNION ALL
            (TABLE plein_half_were EXCEPT ALL SELECT {half_columns} FROM network_half h WHERE h.workspace_id = the_workspace)) d;
        RAISE EXCEPTION USING ERRCODE = 'PL010', MESSAGE = contacts || ',' || ties;
    EXCEPTION WHEN SQLSTATE 'PL010' THEN
        GET STACKED DIAGNOSTICS found = MESSAGE_TEXT;
        contacts := split_part(found, ',', 1)::bigint;
        ties := split_part(found, ',', 2)::bigint;
    END;
    DROP TABLE plein_contact_were, plein_days_were, plein_half_were;
END $$;

-- For a Plein that is older than its network: derives it in each workspace that has none.
CREATE OR REPLACE FUNCTION plein_network_begin() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR workspace IN 1..last LOOP
        PERFORM set_config('plein.workspace', workspace::text, true);
        IF NOT EXISTS (SELECT FROM network_half h WHERE h.workspace_id = workspace) THEN
            PERFORM plein_network_rebuild();
        END IF;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

-- What contact would amount to if it were measured otherwise: of one relation with these others, as far as the reader may
-- know. Nothing changes.
CREATE OR REPLACE FUNCTION plein_network_would_be(near uuid, others uuid[], half_life float8, weights jsonb, crowd integer)
    RETURNS TABLE (low uuid, high uuid, circle integer, sum_out numeric, sum_in numeric)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$ WITH sides AS MATERIALIZED ({of_these}){otherwise}
        SELECT d.low, d.high, d.circle, d.sum_out, d.sum_in FROM deltas d
         WHERE d.circle = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[])
           AND $2 IN (d.low, d.high) AND (d.low = ANY ($3) OR d.high = ANY ($3)) $sql$
      USING NULLIF(current_setting('plein.workspace', true), '')::integer, near, others, half_life, weights, crowd;
END $$;
