-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Whose ties changed, and in which transaction: what a snapshot made before that may not answer for. Each circle has lines
-- of its own, so that a reader is told of nothing that they do not see.
CREATE OR REPLACE FUNCTION plein_network_fed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
    many bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- A circle may go before what was in it; then nobody is left to be told.
        many := (SELECT count(*) FROM (SELECT FROM old_rows LIMIT {many} + 1) o);
        IF many <= {many} THEN
            INSERT INTO network_feed (workspace_id, circle_id, near_id, transaction)
            SELECT DISTINCT o.workspace_id, o.circle_id, o.near_id, mine FROM old_rows o
              JOIN trust_circle c ON c.workspace_id = o.workspace_id AND c.id = o.circle_id;
        ELSE
            INSERT INTO network_feed (workspace_id, circle_id, near_id, transaction)
            SELECT DISTINCT o.workspace_id, o.circle_id, '{nobody}'::uuid, mine FROM old_rows o
              JOIN trust_circle c ON c.workspace_id = o.workspace_id AND c.id = o.circle_id;
        END IF;
        RETURN NULL;
    END IF;
    -- Nobody moves a tie to other ends or another circle: it goes, and another one comes.
    many := (SELECT count(*) FROM (SELECT FROM new_rows LIMIT {many} + 1) n);
    IF many <= {many} THEN
        INSERT INTO network_feed (workspace_id, circle_id, near_id, transaction)
        SELECT DISTINCT n.workspace_id, n.circle_id, n.near_id, mine FROM new_rows n;
    ELSE
        INSERT INTO network_feed (workspace_id, circle_id, near_id, transaction)
        SELECT DISTINCT n.workspace_id, n.circle_id, '{nobody}'::uuid, mine FROM new_rows n;
    END IF;
    IF TG_OP = 'UPDATE' AND many <= {many} THEN
        INSERT INTO network_feed (workspace_id, circle_id, near_id, transaction)
        SELECT DISTINCT o.workspace_id, o.circle_id, o.near_id, mine FROM old_rows o
        EXCEPT SELECT n.workspace_id, n.circle_id, n.near_id, mine FROM new_rows n;
    END IF;
    RETURN NULL;
END $$;

-- Forgets the feed of the workspace in force up to a transaction: what a newer snapshot has in it.
CREATE OR REPLACE FUNCTION plein_network_forget_feed(before bigint) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    DELETE FROM network_feed f
     WHERE f.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer AND f.transaction < before
$$;
