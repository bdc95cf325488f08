-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Undo of an operation: the net effect of its changes, turned around.

-- The net effect per row: how the operation found the row, and how it left it.
CREATE OR REPLACE VIEW plein_effect WITH (security_invoker = true) AS
    SELECT c.workspace_id, c.operation_id, c.table_name, c.row_id,
           max(c.id) AS last_change,
           (array_agg(c.kind ORDER BY c.id))[1] AS found_kind,
           (array_agg(c.kind ORDER BY c.id DESC))[1] AS left_kind
      FROM core_change c
     -- What was redacted when somebody was erased cannot be turned back.
     WHERE c.kind <> 'X'
     GROUP BY c.workspace_id, c.operation_id, c.table_name, c.row_id;

-- Below, the changes of an operation are read once and gathered by row. Asked for row by row, a planner whose
-- statistics do not know the operation yet would go through all of its changes for each of its rows.

-- A column may hold many values by key (`mapped` in a model's isolation). Between two states of it, whether a key that
-- changed has another value by now …
CREATE OR REPLACE FUNCTION plein_keys_differ(found jsonb, was_left jsonb, present jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp
    RETURN EXISTS (SELECT FROM jsonb_object_keys(coalesce(found, '{}') || coalesce(was_left, '{}')) AS k(key)
                    WHERE found -> k.key IS DISTINCT FROM was_left -> k.key
                      AND present -> k.key IS DISTINCT FROM was_left -> k.key);

-- … and the present state with those keys as they were found, the others as they are.
CREATE OR REPLACE FUNCTION plein_keys_back(found jsonb, was_left jsonb, present jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp
    RETURN (SELECT coalesce(jsonb_object_agg(k.key, coalesce(b.value, present -> k.key)), '{}')
              FROM jsonb_object_keys(coalesce(present, '{}') || coalesce(found, '{}')) AS k(key)
             CROSS JOIN LATERAL (SELECT CASE WHEN found -> k.key IS DISTINCT FROM was_left -> k.key
                                             THEN found -> k.key END AS value) b
             WHERE CASE WHEN found -> k.key IS DISTINCT FROM was_left -> k.key
                        THEN found ? k.key ELSE present ? k.key END);

-- What the operation left in the mapped column of a row it made: as the first later change found it, or as it is.
CREATE OR REPLACE FUNCTION plein_left_keys(workspace integer, the_operation uuid, the_row uuid, mapped text, present jsonb)
    RETURNS jsonb LANGUAGE sql STABLE
    SET search_path = public, pg_temp
AS $$
    SELECT coalesce((SELECT c.before -> mapped FROM core_change c
                      WHERE c.workspace_id = workspace AND c.row_id = the_row AND c.operation_id <> the_operation
                        AND c.kind = 'U' AND c.before ? mapped
                        AND c.id > (SELECT max(o.id) FROM core_change o WHERE o.workspace_id = workspace
                                       AND o.row_id = the_row AND o.operation_id = the_operation)
                      ORDER BY c.id LIMIT 1), present)
$$;

-- Plan the undo of an operation in the temporary table plein_turning: one line per row it changed, and whether that
-- row is to be left alone, because somebody changed it afterwards or something else depends on it:
--   a changed row whose values are no longer the ones the operation left,
--   a removed row that exists again,
--   a changed row that would point at something that is gone, and a removed one that cannot do without it,
--   a created row that a later operation changed, or to which a row refers that stays.
-- Of a created row with a mapped column, in which a later operation changed other keys, the keys go and the row stays:
-- its kind is then M.
-- A row that somebody edited afterwards is turned back all the same when it is among `anyway`: they looked at both.
DROP FUNCTION IF EXISTS plein_plan_undo(uuid);
CREATE OR REPLACE FUNCTION plein_plan_undo(the_operation uuid, anyway uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    the_table text;
    link record;
    touched bigint;
    again boolean;
    -- The tables of which rows were removed since: only what points there can have lost its end.
    removed text[];
    mapped jsonb := '{mapped}';
BEGIN
    CREATE TEMPORARY TABLE IF NOT EXISTS plein_turning (
        table_name text, row_id uuid, found_kind "char", left_kind "char", is_left boolean, PRIMARY KEY (row_id, table_name)
    ) ON COMMIT DELETE ROWS;
    TRUNCATE plein_turning;
    INSERT INTO plein_turning
        SELECT e.table_name, e.row_id, e.found_kind, e.left_kind,
               e.found_kind = 'I' AND EXISTS (
                   SELECT FROM core_change later
                    WHERE later.workspace_id = workspace AND later.row_id = e.row_id AND later.id > e.last_change
                      AND later.operation_id <> the_operation
                      AND NOT EXISTS (SELECT FROM core_operation o
                                       WHERE o.workspace_id = workspace AND o.id = later.operation_id
                                         AND (o.undone_by IS NOT NULL OR o.undoes IS NOT NULL)))
          FROM plein_effect e
         WHERE e.workspace_id = workspace AND e.operation_id = the_operation
           AND NOT (e.found_kind = 'I' AND e.left_kind = 'D');
    -- What outlasts the operation that made it stays, as if that were none of the operation's doing.
    DELETE FROM plein_turning t WHERE t.found_kind = 'I' AND t.table_name = ANY ({outlasting});
    ANALYZE plein_turning;
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.found_kind <> 'I' AND t.left_kind = 'U' LOOP
        EXECUTE format(
            'UPDATE plein_turning t SET is_left = true
               FROM plein_turning u
               JOIN (SELECT c.row_id, jsonb_object_agg(v.key, v.value ORDER BY c.id) AS wanted,
                            (array_agg(c.before -> %2$L ORDER BY c.id) FILTER (WHERE v.key = %2$L))[1] AS found
                       FROM core_change c CROSS JOIN jsonb_each(c.after) v
                      WHERE c.workspace_id = $1 AND c.operation_id = $2 AND c.table_name = %1$L
                      GROUP BY c.row_id) w ON w.row_id = u.row_id
               LEFT JOIN %1$I r ON r.workspace_id = $1 AND r.id = u.row_id
              WHERE u.table_name = %1$L AND u.found_kind <> ''I'' AND u.left_kind = ''U''
                AND t.row_id = u.row_id AND t.table_name = u.table_name
                AND (r.id IS NULL OR NOT to_jsonb(r) @> (w.wanted - %2$L)
                     OR (w.wanted ? %2$L AND plein_keys_differ(w.found, w.wanted -> %2$L, to_jsonb(r) -> %2$L)))',
            the_table, coalesce(mapped ->> the_table, '')) USING workspace, the_operation;
        UPDATE plein_turning t SET is_left = false
         WHERE t.table_name = the_table AND t.found_kind <> 'I' AND t.left_kind = 'U' AND t.row_id = ANY (anyway);
    END LOOP;
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.found_kind <> 'I' AND t.left_kind = 'D' LOOP
        EXECUTE format(
            'UPDATE plein_turning t SET is_left = true FROM %1$I r
              WHERE t.table_name = %1$L AND t.found_kind <> ''I'' AND t.left_kind = ''D''
                AND r.workspace_id = $1 AND r.id = t.row_id', the_table) USING workspace;
    END LOOP;
    -- What may be there once only, such as a tag's name, does not come back beside another that has it by now.
    FOR link IN
        SELECT i.indrelid::regclass::text AS the_table,
               string_agg(format('o.%1$I = (w.wanted).%1$I', a.attname), ' AND ' ORDER BY a.attnum) AS same
          FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
         WHERE i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL AND i.indexprs IS NULL
           AND i.indrelid::regclass::text IN (SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.found_kind <> 'I')
         GROUP BY i.indexrelid, i.indrelid HAVING NOT bool_or(a.attname = 'id')
    LOOP
        EXECUTE format(
            'UPDATE plein_turning t SET is_left = true
               FROM (SELECT s.row_id, jsonb_populate_record(r, s.state) AS wanted
                       FROM (SELECT c.row_id, jsonb_object_agg(v.key, v.value ORDER BY c.id DESC) AS state
                               FROM core_change c CROSS JOIN jsonb_each(c.before) v
                              WHERE c.workspace_id = $1 AND c.operation_id = $2 AND c.table_name = %1$L
                              GROUP BY c.row_id) s
                       LEFT JOIN %1$I r ON r.workspace_id = $1 AND r.id = s.row_id) w
              WHERE t.table_name = %1$L AND t.row_id = w.row_id AND t.found_kind <> ''I'' AND NOT t.is_left
                AND EXISTS (SELECT FROM %1$I o WHERE %2$s AND o.id <> t.row_id)',
            link.the_table, link.same) USING workspace, the_operation;
    END LOOP;
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.is_left AND mapped ? t.table_name LOOP
        EXECUTE format(
            'UPDATE plein_turning t SET is_left = false, found_kind = ''M'' FROM %1$I r
              WHERE t.table_name = %1$L AND t.is_left AND t.found_kind = ''I'' AND r.workspace_id = $1 AND r.id = t.row_id
                AND NOT plein_keys_differ(''{}'', plein_left_keys($1, $2, r.id, %2$L, to_jsonb(r) -> %2$L),
                                          to_jsonb(r) -> %2$L)',
            the_table, mapped ->> the_table) USING workspace, the_operation;
    END LOOP;
    -- A team stays: its circle may guard records by now. So does a field in which something is filled in.
    UPDATE plein_turning t SET is_left = true WHERE t.table_name = 'trust_team' AND t.found_kind = 'I';
    FOR the_table IN SELECT jsonb_object_keys(mapped) LOOP
        EXECUTE format(
            'UPDATE plein_turning t SET is_left = true FROM metadata_field f
              WHERE t.table_name = ''metadata_field'' AND t.found_kind = ''I'' AND f.workspace_id = $1 AND f.id = t.row_id
                AND EXISTS (SELECT FROM %1$I v WHERE v.workspace_id = $1 AND v.group_id = f.group_id
                               AND v.%2$I ? f.id::text)', the_table, mapped ->> the_table) USING workspace;
    END LOOP;
    SELECT array_agg(DISTINCT c.table_name) INTO removed FROM core_change c
     WHERE c.workspace_id = workspace AND c.kind = 'D'
       AND c.id >= (SELECT min(o.id) FROM core_change o WHERE o.workspace_id = workspace AND o.operation_id = the_operation);
    LOOP
        -- What it made and stays keeps its parts …
        UPDATE plein_turning t SET is_left = true
          FROM core_change c
         WHERE c.workspace_id = workspace AND c.operation_id = the_operation AND c.row_id = t.row_id
           AND c.table_name = t.table_name AND t.found_kind IN ('I', 'M') AND NOT t.is_left AND c.about_id <> c.row_id
           AND EXISTS (SELECT FROM plein_turning p WHERE p.row_id = c.about_id AND p.is_left AND p.found_kind = 'I');
        GET DIAGNOSTICS touched = ROW_COUNT;
        again := touched > 0;
        -- … and what it refers to.
        FOR link IN
            SELECT c.conrelid::regclass::text AS child, a.attname AS column_name, c.confrelid::regclass::text AS parent
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
              JOIN pg_trigger h ON h.tgrelid = c.conrelid AND h.tgname = 'd_history_insert'
             WHERE c.contype = 'f' AND cardinality(c.conkey) = 2
               AND c.confrelid::regclass::text IN (SELECT DISTINCT t.table_name FROM plein_turning t
                                                    WHERE t.found_kind = 'I' AND NOT t.is_left)
        LOOP
            EXECUTE format(
                'UPDATE plein_turning t SET is_left = true
                  WHERE t.table_name = %2$L AND t.found_kind = ''I'' AND NOT t.is_left
                    AND EXISTS (SELECT FROM %1$I c WHERE c.workspace_id = $1 AND c.%3$I = t.row_id
                                   AND NOT EXISTS (SELECT FROM plein_turning x WHERE x.row_id = c.id
                                                      AND x.table_name = %1$L AND NOT x.is_left
                                                      AND x.found_kind <> ''M''))',
                link.child, link.parent, link.column_name) USING workspace;
            GET DIAGNOSTICS touched = ROW_COUNT;
            again := again OR touched > 0;
        END LOOP;
        -- What would point at something that is gone by now stays as it is; a loose end comes back as one.
        FOR link IN
            SELECT c.conrelid::regclass::text AS child, a.attname AS column_name, c.confrelid::regclass::text AS parent,
                   c.confdeltype = 'n' AS is_loose_end
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2] AND a.atttypid = 'uuid'::regtype
             WHERE c.contype = 'f' AND cardinality(c.conkey) = 2
               AND c.conrelid::regclass::text IN (SELECT DISTINCT t.table_name FROM plein_turning t
                                                   WHERE t.found_kind NOT IN ('I', 'M') AND NOT t.is_left)
               AND c.confrelid::regclass::text = ANY (removed)
        LOOP
            EXECUTE format(
                'UPDATE plein_turning t SET is_left = true
                   FROM (SELECT c.row_id, (array_agg((c.before ->> %3$L)::uuid ORDER BY c.id)
                                           FILTER (WHERE c.before ? %3$L))[1] AS wanted
                           FROM core_change c
                          WHERE c.workspace_id = $1 AND c.operation_id = $2 AND c.table_name = %1$L GROUP BY c.row_id) w
                  WHERE t.table_name = %1$L AND t.row_id = w.row_id AND NOT t.is_left AND t.found_kind NOT IN (''I'', ''M'')
                    AND w.wanted IS NOT NULL AND (t.left_kind = ''U'' OR NOT $3)
                    AND NOT EXISTS (SELECT FROM %2$I p WHERE p.workspace_id = $1 AND p.id = w.wanted)
                    AND NOT EXISTS (SELECT FROM plein_turning x WHERE x.table_name = %2$L AND x.row_id = w.wanted
                                       AND x.left_kind = ''D'' AND x.found_kind <> ''I'' AND NOT x.is_left)',
                link.child, link.parent, link.column_name) USING workspace, the_operation, link.is_loose_end;
            GET DIAGNOSTICS touched = ROW_COUNT;
            again := again OR touched > 0;
        END LOOP;
        EXIT WHEN NOT again;
    END LOOP;
END $$;

-- Rows of an operation that an undo would leave alone.
CREATE OR REPLACE FUNCTION plein_conflicts(the_operation uuid) RETURNS TABLE (table_name text, row_id uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM plein_plan_undo(the_operation, '{}');
    RETURN QUERY SELECT t.table_name, t.row_id FROM plein_turning t WHERE t.is_left;
END $$;

-- What an undo would do, counted by table: rows it changes (U), brings back (I) or removes (D), and those it leaves
-- alone. Only what the reader may see is counted: a number would tell of the rest.
CREATE OR REPLACE FUNCTION plein_outlook(the_operation uuid)
    RETURNS TABLE (table_name text, done "char", is_left boolean, count bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    seen integer[] := NULLIF(current_setting('plein.circles', true), '')::integer[];
BEGIN
    PERFORM plein_plan_undo(the_operation, '{}');
    RETURN QUERY
        SELECT t.table_name,
               CASE WHEN t.found_kind = 'I' THEN 'D' WHEN t.left_kind = 'D' THEN 'I' ELSE 'U' END::"char" AS done,
               t.is_left, count(*)
          FROM plein_turning t
         WHERE EXISTS (SELECT FROM core_change c
                        WHERE c.workspace_id = workspace AND c.operation_id = the_operation AND c.row_id = t.row_id
                          AND (c.circle_id IS NULL OR c.circle_id = ANY (seen)))
         GROUP BY 1, 2, 3;
END $$;

-- What was done while fewer people saw a row stays with those who did: of these operations, every change that more
-- people would read than are in the circle is read by those in it only.
CREATE OR REPLACE FUNCTION plein_keep_apart(operations uuid[], circle integer) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    present integer;
    narrower integer;
BEGIN
    FOR present IN SELECT DISTINCT c.circle_id FROM core_change c
                    WHERE c.workspace_id = workspace AND c.operation_id = ANY (operations) AND c.circle_id > 0
    LOOP
        narrower := plein_meet(workspace, ARRAY[present, circle]);
        IF narrower <> present THEN
            UPDATE core_change c SET circle_id = narrower
             WHERE c.workspace_id = workspace AND c.operation_id = ANY (operations) AND c.circle_id = present;
        END IF;
    END LOOP;
END $$;

-- After a merge is turned back: what came back finds its own past again, which had moved along to the circle of the
-- two, and what was done in between stays there.
CREATE OR REPLACE FUNCTION plein_part(the_operation uuid, under uuid, circle integer) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    the_table text;
BEGIN
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t
                       JOIN pg_trigger h ON h.tgrelid = t.table_name::regclass AND h.tgname = 'd_history_delete'
                       JOIN pg_attribute a ON a.attrelid = h.tgrelid AND a.attname = 'circle_id'
                      WHERE t.found_kind NOT IN ('I', 'M') AND t.left_kind = 'D'
    LOOP
        EXECUTE format(
            'UPDATE core_change h SET circle_id = r.circle_id FROM plein_turning t
               JOIN %1$I r ON r.workspace_id = $1 AND r.id = t.row_id
              WHERE t.table_name = %1$L AND t.found_kind NOT IN (''I'', ''M'') AND t.left_kind = ''D''
                AND h.workspace_id = $1 AND h.row_id = t.row_id AND h.table_name = %1$L
                AND h.circle_id <> r.circle_id', the_table) USING workspace;
    END LOOP;
    PERFORM plein_keep_apart(ARRAY[the_operation, under], circle);
END $$;

-- Undo an operation under another one (whose changes can be undone in turn). With `trample`, rows that were changed
-- afterwards are turned back as well: only for removing the example company.
-- Returns how many rows were turned back and how many were left alone.
DROP FUNCTION IF EXISTS plein_undo(uuid, uuid, boolean);
CREATE OR REPLACE FUNCTION plein_undo(the_operation uuid, under uuid, trample boolean, anyway uuid[],
                                      OUT turned_back bigint, OUT left_alone bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    the_table text;
    columns text;
    mapped jsonb := '{mapped}';
    -- Of a merge, or of the undo of one: the circle of who saw both.
    apart integer := (SELECT (o.facts ->> 'circle')::integer FROM core_operation o
                       WHERE o.workspace_id = workspace AND o.id = the_operation);
BEGIN
    PERFORM set_config('plein.operation', under::text, true),
            set_config('plein.keeping', CASE WHEN apart IS NULL THEN '' ELSE 'on' END, true);
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM plein_plan_undo(the_operation, anyway);
    IF trample THEN
        UPDATE plein_turning SET is_left = false;
    END IF;
    -- Only what the reader may see is counted: a number would tell of the rest.
    SELECT count(*) FILTER (WHERE NOT t.is_left), count(*) FILTER (WHERE t.is_left) INTO turned_back, left_alone
      FROM plein_turning t
     WHERE EXISTS (SELECT FROM core_change c
                    WHERE c.workspace_id = workspace AND c.operation_id = the_operation AND c.row_id = t.row_id
                      AND (c.circle_id IS NULL
                           OR c.circle_id = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[])));
    DELETE FROM plein_turning WHERE is_left;
    -- Rows that the operation removed come back as it found them, parents first: their circles and what is found of
    -- them depend on their parents.
    FOR the_table IN
        SELECT t.table_name FROM plein_turning t WHERE t.found_kind NOT IN ('I', 'M') AND t.left_kind = 'D'
         GROUP BY t.table_name ORDER BY array_position({parents_first}, t.table_name)
    LOOP
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_attribute a
         WHERE a.attrelid = the_table::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
        EXECUTE format(
            'INSERT INTO %I (%s) SELECT %s FROM plein_turning t
               JOIN (SELECT c.row_id, jsonb_object_agg(v.key, v.value ORDER BY c.id DESC) AS state
                       FROM core_change c CROSS JOIN jsonb_each(c.before) v
                      WHERE c.workspace_id = $1 AND c.operation_id = $2 AND c.table_name = %L
                      GROUP BY c.row_id) s ON s.row_id = t.row_id
               CROSS JOIN LATERAL jsonb_populate_record(NULL::%I, s.state) r
              WHERE t.table_name = %L AND t.found_kind <> ''I'' AND t.left_kind = ''D''
             ON CONFLICT DO NOTHING',
            the_table, columns,
            -- A column that is younger than the removal has no earlier value: it gets the one every row began with.
            (SELECT string_agg(CASE WHEN a.attnotnull AND d.adbin IS NOT NULL
                                    THEN format('coalesce(r.%I, %s)', a.attname, pg_get_expr(d.adbin, d.adrelid))
                                    ELSE 'r.' || quote_ident(a.attname) END, ', ' ORDER BY a.attnum)
               FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attrelid = the_table::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
            the_table, the_table, the_table) USING workspace, the_operation;
    END LOOP;
    -- What they pointed at and may do without is gone in some of them: they come back without it.
    FOR the_table, columns IN
        SELECT c.conrelid::regclass::text, a.attname || ' ' || c.confrelid::regclass::text
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2] AND a.atttypid = 'uuid'::regtype
         WHERE c.contype = 'f' AND cardinality(c.conkey) = 2 AND c.confdeltype = 'n'
           AND c.conrelid::regclass::text IN (SELECT DISTINCT t.table_name FROM plein_turning t
                                               WHERE t.found_kind NOT IN ('I', 'M') AND t.left_kind = 'D')
    LOOP
        EXECUTE format(
            'UPDATE %1$I r SET %2$I = NULL FROM plein_turning t
              WHERE t.table_name = %1$L AND t.found_kind NOT IN (''I'', ''M'') AND t.left_kind = ''D''
                AND r.workspace_id = $1 AND r.id = t.row_id AND r.%2$I IS NOT NULL
                AND NOT EXISTS (SELECT FROM %3$I p WHERE p.workspace_id = $1 AND p.id = r.%2$I)',
            the_table, split_part(columns, ' ', 1), split_part(columns, ' ', 2)) USING workspace;
    END LOOP;
    -- Rows that it changed get their earlier values back, in the changed columns only.
    FOR the_table, columns IN
        SELECT t.table_name, string_agg(DISTINCT quote_ident(k.key), ',')
          FROM plein_turning t
          JOIN core_change c ON c.workspace_id = workspace AND c.operation_id = the_operation
               AND c.table_name = t.table_name AND c.row_id = t.row_id AND c.kind = 'U'
         CROSS JOIN LATERAL jsonb_object_keys(c.before) AS k(key)
         WHERE t.found_kind NOT IN ('I', 'M') AND t.left_kind = 'U'
         GROUP BY t.table_name
    LOOP
        EXECUTE format(
            'UPDATE %1$I r SET (%2$s) = (SELECT %3$s FROM jsonb_populate_record(r, CASE WHEN s.state ? %5$L
                 THEN s.state || jsonb_build_object(%5$L, plein_keys_back(s.state -> %5$L, s.was_left, to_jsonb(r) -> %5$L))
                 ELSE s.state END) p)
               FROM plein_turning t
               JOIN (SELECT c.row_id, jsonb_object_agg(v.key, v.value ORDER BY c.id DESC) AS state,
                            (array_agg(c.after -> %5$L ORDER BY c.id DESC) FILTER (WHERE v.key = %5$L))[1] AS was_left
                       FROM core_change c CROSS JOIN jsonb_each(c.before) v
                      WHERE c.workspace_id = $1 AND c.operation_id = $2 AND c.table_name = %4$L
                      GROUP BY c.row_id) s ON s.row_id = t.row_id
              WHERE t.table_name = %4$L AND t.found_kind NOT IN (''I'', ''M'') AND t.left_kind = ''U''
                AND r.workspace_id = $1 AND r.id = t.row_id',
            the_table, columns, (SELECT string_agg('p.' || c, ', ') FROM unnest(string_to_array(columns, ',')) c),
            the_table, coalesce(mapped ->> the_table, '')) USING workspace, the_operation;
    END LOOP;
    -- Rows that it made and that stay for what others wrote in them lose what it wrote.
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.found_kind = 'M' LOOP
        EXECUTE format(
            'UPDATE %1$I r SET %2$I = plein_keys_back(''{}'', plein_left_keys($1, $2, r.id, %2$L, r.%2$I), r.%2$I)
               FROM plein_turning t
              WHERE t.table_name = %1$L AND t.found_kind = ''M'' AND r.workspace_id = $1 AND r.id = t.row_id',
            the_table, mapped ->> the_table) USING workspace, the_operation;
    END LOOP;
    -- Rows that it made go, and what hangs on them goes along.
    FOR the_table IN SELECT DISTINCT t.table_name FROM plein_turning t WHERE t.found_kind = 'I' LOOP
        EXECUTE format(
            'DELETE FROM %I r USING plein_turning t WHERE t.table_name = %L AND t.found_kind = ''I''
                AND r.workspace_id = $1 AND r.id = t.row_id', the_table, the_table) USING workspace;
    END LOOP;
    PERFORM set_config('plein.keeping', '', true);
    IF apart IS NOT NULL THEN
        PERFORM plein_part(the_operation, under, apart);
    END IF;
    UPDATE core_operation SET undone_by = under WHERE workspace_id = workspace AND id = the_operation;
END $$;
