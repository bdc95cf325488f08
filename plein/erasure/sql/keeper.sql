-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Erasing a person. The keeper does it: what is to go lies in circles that whoever erases is not in.

-- A text for a regular expression in which it stands for itself, however its words are parted: also in an address.
CREATE OR REPLACE FUNCTION plein_literal(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path = public, pg_temp
    RETURN replace(regexp_replace(regexp_replace(trim(value), '([][\\.^$*+?(){}|])', '\\\1', 'g'),
                                  '\s+', '(?:\\s|\\+|%20)+', 'g'), '@', '(?:@|%40)');

-- A regular expression that finds any of these, as words of their own; without any, one that finds nothing.
CREATE OR REPLACE FUNCTION plein_any_of(needles text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp
    RETURN coalesce('(?<![[:alnum:]])(?:' || (SELECT string_agg(DISTINCT n, '|') FROM unnest(needles) n WHERE n <> '')
                    || ')(?![[:alnum:]])', '\m\M');

-- The same value with every text in it redacted, names of its parts included.
CREATE OR REPLACE FUNCTION plein_redact_json(value jsonb, pattern text, stub text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = public, pg_temp
AS $$
BEGIN
    IF value IS NULL OR NOT value::text ~* pattern THEN
        RETURN value;
    END IF;
    RETURN CASE jsonb_typeof(value)
        WHEN 'string' THEN to_jsonb(regexp_replace(value #>> '{}', pattern, stub, 'gi'))
        WHEN 'array' THEN (SELECT coalesce(jsonb_agg(plein_redact_json(e.value, pattern, stub) ORDER BY e.place), '[]')
                             FROM jsonb_array_elements(value) WITH ORDINALITY AS e(value, place))
        WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(regexp_replace(e.key, pattern, stub, 'gi'),
                                                             plein_redact_json(e.value, pattern, stub)), '{}')
                              FROM jsonb_each(value) AS e(key, value))
        ELSE value END;
END $$;

-- Everything a person was called in our tables: themselves, and those who became them in a merge.
CREATE OR REPLACE FUNCTION plein_person_ids(the_subject uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    WITH me AS (SELECT s.workspace_id, s.relation_id FROM consent_subject s
                 WHERE s.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
                   AND s.id = the_subject AND s.relation_id IS NOT NULL)
    SELECT coalesce(array_agg(DISTINCT id), '{}') FROM (
        SELECT relation_id AS id FROM me
         UNION SELECT f.former_id FROM relations_former f JOIN me USING (workspace_id, relation_id)
         UNION SELECT (c.before ->> 'former_id')::uuid FROM core_change c JOIN me USING (workspace_id)
                WHERE c.kind = 'D' AND c.table_name = 'relations_former'
                  AND (c.before ->> 'relation_id')::uuid = me.relation_id) known
$$;

-- The contact points that are theirs alone, those of before included.
CREATE OR REPLACE FUNCTION plein_person_points(ids uuid[]) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT known.id), '{}') FROM (
        SELECT l.contact_point_id AS id FROM relations_contact_point_link l
         WHERE l.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
           AND l.relation_id = ANY (ids)
         UNION SELECT p.contact_point_id FROM moments_participant p
         WHERE p.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
           AND p.relation_id = ANY (ids) AND p.contact_point_id IS NOT NULL
         UNION SELECT (c.before ->> 'contact_point_id')::uuid FROM core_change c
         WHERE c.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
           AND c.kind = 'D' AND c.table_name = 'relations_contact_point_link'
           AND (c.before ->> 'relation_id')::uuid = ANY (ids)) known
     WHERE NOT EXISTS (SELECT FROM relations_contact_point_link o
                        WHERE o.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
                          AND o.contact_point_id = known.id AND o.revoked_at IS NULL AND o.relation_id <> ALL (ids))
$$;

-- Only administrators of the workspace in force erase.
CREATE OR REPLACE FUNCTION plein_may_erase() RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM trust_seat s
                    WHERE s.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
                      AND s.id = NULLIF(current_setting('plein.seat', true), '')::uuid AND s.is_active
                      AND s.role IN ('owner', 'administrator')) THEN
        RAISE EXCEPTION 'Only an administrator may erase somebody.' USING ERRCODE = 'PL003';
    END IF;
END $$;

-- Whether somebody wants silence: asked not to be contacted, at an address or at all, or not to be used for now.
CREATE OR REPLACE FUNCTION plein_is_silence_wanted(ids uuid[], points uuid[], subjects uuid[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    WITH here AS (SELECT NULLIF(current_setting('plein.workspace', true), '')::integer AS id)
    SELECT EXISTS (SELECT FROM consent_restriction t, here
                    WHERE t.workspace_id = here.id AND t.subject_id = ANY (subjects))
        OR EXISTS (SELECT FROM relations_relation r, here
                    WHERE r.workspace_id = here.id AND r.id = ANY (ids) AND r.do_not_contact)
        OR EXISTS (SELECT FROM relations_contact_point p, here
                    WHERE p.workspace_id = here.id AND p.id = ANY (points) AND p.do_not_contact)
$$;

-- The same of a person, to say beforehand what an erasure keeps.
CREATE OR REPLACE FUNCTION plein_wants_silence(the_relation uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    the_subjects uuid[];
    ids uuid[];
BEGIN
    PERFORM plein_may_erase();
    SELECT coalesce(array_agg(s.id), '{}') INTO the_subjects FROM consent_subject s
     WHERE s.workspace_id = workspace AND s.relation_id = the_relation;
    ids := plein_person_ids(the_subjects[1]) || the_relation;
    RETURN plein_is_silence_wanted(ids, plein_person_points(ids), the_subjects);
END $$;

-- What has to be known of a person before they are erased, and is kept as keyed hashes only.
CREATE OR REPLACE FUNCTION plein_erasure_facts(the_subject uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    ids uuid[] := plein_person_ids(the_subject);
    points uuid[] := plein_person_points(ids);
    the_subjects uuid[];
BEGIN
    PERFORM plein_may_erase();
    SELECT coalesce(array_agg(s.id), '{}') INTO the_subjects FROM consent_subject s
     WHERE s.workspace_id = workspace AND (s.id = the_subject OR s.relation_id = ANY (ids));
    RETURN jsonb_build_object(
        'is_there', EXISTS (SELECT FROM consent_subject s WHERE s.workspace_id = workspace AND s.id = the_subject),
        'subjects', to_jsonb(the_subjects),
        'relations', to_jsonb(ids),
        'is_person', NOT EXISTS (SELECT FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids)
                                    AND r.kind <> 'person'),
        'is_colleague', EXISTS (SELECT FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids)
                                   AND r.seat_id IS NOT NULL),
        'points', (SELECT coalesce(jsonb_agg(jsonb_build_array(p.kind, p.value)), '[]') FROM relations_contact_point p
                    WHERE p.workspace_id = workspace AND p.id = ANY (points)),
        'decided', (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_array(d.point_kind, d.point_value)), '[]')
                      FROM consent_decision d
                     WHERE d.workspace_id = workspace AND d.point_value <> '' AND d.point_value NOT LIKE '#%'
                       AND (d.subject_id = ANY (the_subjects)
                            OR (d.point_kind, d.point_value) IN (SELECT p.kind, p.value FROM relations_contact_point p
                                                                  WHERE p.workspace_id = workspace
                                                                    AND p.id = ANY (points)))),
        'unread', (SELECT coalesce(jsonb_agg(DISTINCT u.sha256), '[]') FROM (
                       SELECT p.sha256 FROM channels_import_problem p
                        WHERE p.workspace_id = workspace AND p.sha256 <> ''
                        UNION ALL
                       SELECT p.sha256 FROM channels_connection_problem p
                        WHERE p.workspace_id = workspace AND p.sha256 <> '') u),
        -- Where somebody who asked for it is told that it was done: an address that is theirs alone.
        'last_word', coalesce((SELECT r.language || ' ' || p.value
              FROM relations_contact_point_link l
              JOIN relations_contact_point p ON p.workspace_id = workspace AND p.id = l.contact_point_id
              JOIN relations_relation r ON r.workspace_id = workspace AND r.id = l.relation_id
             WHERE l.workspace_id = workspace AND l.relation_id = ANY (ids) AND l.revoked_at IS NULL
               AND p.kind = 'email' AND p.id = ANY (points)
               AND EXISTS (SELECT FROM mypage_request q WHERE q.workspace_id = workspace AND q.kind = 'erase'
                              AND q.state = 'open' AND q.subject_id = ANY (the_subjects))
             ORDER BY l.is_primary DESC, l.id LIMIT 1), ''),
        'wants_silence', plein_is_silence_wanted(ids, points, the_subjects));
END $$;

-- What a person is found by in texts. `places`: addresses, which are nobody else's. `names`: all their names in full.
-- `near`: also a first name or a surname alone, for texts of contact in which they took part.
CREATE OR REPLACE FUNCTION plein_needles(ids uuid[], points uuid[], OUT places text, OUT names text, OUT near text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    addresses text[];
    numbers text[];
    full_names text[];
    parts text[];
BEGIN
    WITH told AS (
        SELECT p.kind, p.value, p.display FROM relations_contact_point p
         WHERE p.workspace_id = workspace AND p.id = ANY (points)
         UNION
        SELECT coalesce(h.state ->> 'kind', ''), h.state ->> 'value', h.state ->> 'display'
          FROM core_change c CROSS JOIN LATERAL (VALUES (c.before), (c.after)) AS h(state)
         WHERE c.workspace_id = workspace AND c.row_id = ANY (points) AND c.table_name = 'relations_contact_point'
    )
    SELECT array_agg(plein_literal(w.word)) FILTER (WHERE length(w.word) >= 5),
           array_agg(right(d.digits, 8)) FILTER (WHERE t.kind = 'phone' AND length(d.digits) >= 8)
      INTO addresses, numbers
      FROM told t CROSS JOIN LATERAL (VALUES (t.value), (t.display)) AS w(word)
     CROSS JOIN LATERAL (SELECT regexp_replace(coalesce(w.word, ''), '\D', '', 'g')) AS d(digits);
    SELECT array_agg('(?:\+|00)?[0-9 ()./-]{0,8}' || regexp_replace(n, '(\d)(?=\d)', '\1[ ()./-]*', 'g')) INTO numbers
      FROM unnest(numbers) n;
    WITH called AS (
        SELECT to_jsonb(r) AS state FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids)
         UNION ALL
        SELECT h.state FROM core_change c CROSS JOIN LATERAL (VALUES (c.before), (c.after)) AS h(state)
         WHERE c.workspace_id = workspace AND c.row_id = ANY (ids) AND c.table_name = 'relations_relation'
           AND h.state IS NOT NULL
    ), words AS (
        SELECT state ->> 'name' AS word, true AS is_full FROM called
         UNION SELECT concat_ws(' ', state ->> 'given_name', NULLIF(state ->> 'infix', ''), state ->> 'family_name'),
                      true FROM called
         UNION SELECT p.heard_name, true FROM moments_participant p
                WHERE p.workspace_id = workspace AND p.relation_id = ANY (ids)
         UNION SELECT q.name, true FROM moments_proposal q
                WHERE q.workspace_id = workspace AND q.contact_point_id = ANY (points)
         UNION SELECT state ->> 'given_name', false FROM called
         UNION SELECT state ->> 'family_name', false FROM called
    )
    SELECT array_agg(plein_literal(word)) FILTER (WHERE is_full AND trim(word) ~ '\s' AND length(word) >= 5),
           array_agg(plein_literal(word)) FILTER (WHERE length(trim(word)) >= 3)
      INTO full_names, parts FROM words;
    places := plein_any_of(addresses || numbers);
    names := plein_any_of(addresses || numbers || full_names);
    near := plein_any_of(addresses || numbers || full_names || parts);
END $$;

-- The free texts of a table that match, with what matched taken out; `only` narrows which rows.
CREATE OR REPLACE FUNCTION plein_redact_table(the_table text, columns jsonb, pattern text, stub text, moments uuid[])
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    settings text;
    conditions text;
BEGIN
    SELECT string_agg(CASE WHEN c.kind = 'json' THEN format('%1$I = plein_redact_json(%1$I, $2, $3)', c.name)
                           WHEN c.size > 0 THEN format('%1$I = left(regexp_replace(%1$I, $2, $3, ''gi''), %2$s)', c.name, c.size)
                           ELSE format('%1$I = regexp_replace(%1$I, $2, $3, ''gi'')', c.name) END, ', '),
           string_agg(format('%I::text ~* $2', c.name), ' OR ')
      INTO settings, conditions
      FROM jsonb_to_recordset(columns) AS c(name text, kind text, size integer);
    IF the_table = 'moments_text' THEN
        -- Where quoted text and the signature begin moves along.
        settings := settings || ', quote_from = length(regexp_replace(left(text, quote_from), $2, $3, ''gi'')),'
                             || ' signature_from = length(regexp_replace(left(text, signature_from), $2, $3, ''gi''))';
    END IF;
    EXECUTE format('UPDATE %I SET %s WHERE workspace_id = $1 AND (%s)%s', the_table, settings, conditions,
                   CASE WHEN moments IS NULL THEN '' ELSE ' AND moment_id = ANY ($4)' END)
      USING workspace, pattern, stub, moments;
END $$;

-- What the history holds of a person: of rows that are gone nothing but that they were there, of others no mention.
-- Returns the files that only that part of the history knew of.
CREATE OR REPLACE FUNCTION plein_redact_history(ids uuid[], points uuid[], bare uuid[], shared uuid[], stub text,
                                                places text, names text, near text) RETURNS text[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    under uuid := NULLIF(current_setting('plein.operation', true), '')::uuid;
    named text := coalesce(NULLIF(array_to_string(ids || points, '|'), ''), '\m\M');
    dead uuid[];
    files text[];
BEGIN
    SELECT array_agg(DISTINCT d.id) INTO dead FROM (
        SELECT unnest(ids || points) AS id
         UNION SELECT c.row_id FROM core_change c
                WHERE c.workspace_id = workspace AND c.operation_id = under AND c.kind = 'D'
         UNION SELECT (c.before ->> 'moment_id')::uuid FROM core_change c
                WHERE c.workspace_id = workspace AND c.kind = 'D' AND c.table_name = 'moments_participant'
                  AND ((c.before ->> 'relation_id')::uuid = ANY (ids)
                       OR (c.before ->> 'contact_point_id')::uuid = ANY (points))
                  AND NOT EXISTS (SELECT FROM moments_moment m
                                   WHERE m.workspace_id = workspace AND m.id = (c.before ->> 'moment_id')::uuid)
         UNION SELECT c.row_id FROM core_change c
                WHERE c.workspace_id = workspace AND c.kind = 'D' AND c.table_name = 'moments_todo'
                  AND (c.before ->> 'relation_id')::uuid = ANY (ids)) d;
    WITH gone AS (
        SELECT c.id, c.before, c.after FROM core_change c
         WHERE c.workspace_id = workspace AND c.kind <> 'X'
           AND (c.row_id = ANY (dead) OR c.about_id = ANY (dead)
                OR (c.operation_id = under AND c.kind <> 'I')
                OR ((c.row_id = ANY (bare) OR c.about_id = ANY (bare)) AND c.kind <> 'I')
                OR c.before::text ~ named OR c.after::text ~ named)
    ), told AS (
        UPDATE core_change c SET kind = 'X', before = NULL, after = NULL FROM gone g
         WHERE c.workspace_id = workspace AND c.id = g.id
    )
    SELECT array_agg(DISTINCT f.sha) INTO files
      FROM gone g CROSS JOIN LATERAL (VALUES (g.before ->> 'sha256'), (g.before ->> 'photo'), (g.after ->> 'photo')) AS f(sha)
     WHERE f.sha ~ '^[0-9a-f]{64}$';
    UPDATE core_change c SET before = plein_redact_json(c.before, p.pattern, stub),
                             after = plein_redact_json(c.after, p.pattern, stub)
      FROM (VALUES (near, 1), (names, 2), (places, 3)) AS p(pattern, rank)
     WHERE c.workspace_id = workspace AND c.kind <> 'X'
       AND p.rank = CASE WHEN c.about_id = ANY (shared) OR c.row_id = ANY (shared) THEN 1
                         WHEN c.table_name = ANY ({mentioning}) THEN 2 ELSE 3 END
       AND (c.before::text ~* p.pattern OR c.after::text ~* p.pattern);
    RETURN coalesce(files, '{}');
END $$;

-- Erase a person: their rows go, what others took part in keeps a stub, nothing is left in history to bring back.
-- `digests` has the keyed hash of each contact point about which they decided something, `unread` the hashes of messages
-- that could not be read and hold their address. Returns the hashes of the files that nothing points at any more. Runs
-- under the operation in force.
DROP FUNCTION IF EXISTS plein_erase(uuid, text, jsonb);
CREATE OR REPLACE FUNCTION plein_erase(the_subject uuid, stub text, digests jsonb, unread text[]) RETURNS text[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    ids uuid[] := plein_person_ids(the_subject);
    points uuid[] := plein_person_points(ids);
    mine uuid[];
    bare uuid[];
    shared uuid[];
    lost uuid[];
    words text[];
    files text[];
    inline text := '[' || stub || ']';
    texts jsonb := '{texts}';
    the_table text;
    the_columns jsonb;
    place text;
    named text;
    near text;
BEGIN
    PERFORM plein_may_erase();
    SELECT n.places, n.names, n.near INTO place, named, near FROM plein_needles(ids, points) n;
    SELECT array_agg(DISTINCT w.word) INTO words
      FROM (SELECT r.name FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids)
             UNION SELECT h.name FROM core_change c
              CROSS JOIN LATERAL (VALUES (c.before ->> 'name'), (c.after ->> 'name')) AS h(name)
              WHERE c.workspace_id = workspace AND c.table_name = 'relations_relation' AND c.row_id = ANY (ids)) n
     CROSS JOIN LATERAL regexp_split_to_table(plein_fold(n.name), '[^[:alnum:]]+') AS w(word);
    -- What was theirs until they were put in the bin.
    SELECT coalesce(array_agg(DISTINCT c.row_id), '{}') INTO lost FROM core_change c
     WHERE c.workspace_id = workspace AND c.kind = 'U' AND c.table_name IN ('moments_participant', 'moments_todo')
       AND (c.before ->> 'relation_id')::uuid = ANY (ids) AND c.after -> 'relation_id' = 'null';
    SELECT coalesce(array_agg(DISTINCT p.moment_id), '{}') INTO mine FROM moments_participant p
     WHERE p.workspace_id = workspace AND (p.relation_id = ANY (ids) OR p.contact_point_id = ANY (points)
                                           OR (p.relation_id IS NULL AND p.id = ANY (lost)));
    SELECT coalesce(array_agg(m.id), '{}') INTO bare FROM unnest(mine) AS m(id)
     WHERE NOT EXISTS (SELECT FROM moments_participant p WHERE p.workspace_id = workspace AND p.moment_id = m.id
                          -- The organization that somebody wrote for is nobody with whom others were in touch.
                          AND p.role <> 'for'
                          AND NOT p.is_ours AND NOT coalesce(p.relation_id = ANY (ids), false)
                          AND NOT coalesce(p.contact_point_id = ANY (points), false)
                          AND NOT (p.relation_id IS NULL AND p.id = ANY (lost)));
    SELECT coalesce(array_agg(m.id), '{}') INTO shared FROM unnest(mine) AS m(id) WHERE m.id <> ALL (bare);
    SELECT array_agg(DISTINCT f.sha) INTO files FROM (
        SELECT r.photo AS sha FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids)
         UNION SELECT a.sha256 FROM moments_attachment a WHERE a.workspace_id = workspace
                  AND (a.moment_id = ANY (bare) OR (a.moment_id = ANY (shared) AND a.mime = 'text/calendar'))
         UNION SELECT f.sha256 FROM outbox_mail_file f JOIN outbox_mail m ON m.workspace_id = f.workspace_id
                                                                          AND m.id = f.mail_id
                WHERE f.workspace_id = workspace
                  AND (m.relation_id = ANY (ids) OR (m.to || m.cc || m.bcc)::text ~* place)) f
     WHERE f.sha <> '';

    -- Mail of ours to them alone goes; what also goes to others names them no more.
    DELETE FROM outbox_mail m WHERE m.workspace_id = workspace
       AND (m.relation_id = ANY (ids) OR (m.to || m.cc || m.bcc)::text ~* place)
       AND NOT EXISTS (SELECT FROM jsonb_array_elements(m.to || m.cc || m.bcc) e WHERE NOT e::text ~* place);
    UPDATE outbox_mail m SET (relation_id, "to", cc, bcc) = (SELECT NULL::uuid,
               coalesce((SELECT jsonb_agg(e) FROM jsonb_array_elements(m.to) e WHERE NOT e::text ~* place), '[]'),
               coalesce((SELECT jsonb_agg(e) FROM jsonb_array_elements(m.cc) e WHERE NOT e::text ~* place), '[]'),
               coalesce((SELECT jsonb_agg(e) FROM jsonb_array_elements(m.bcc) e WHERE NOT e::text ~* place), '[]'))
     WHERE m.workspace_id = workspace AND (m.relation_id = ANY (ids) OR (m.to || m.cc || m.bcc)::text ~* place);
    DELETE FROM channels_sunk_letter l WHERE l.workspace_id = workspace
       AND (l.sender ~* named OR l.receivers ~* named OR l.subject ~* named OR l.text ~* named OR l.source ~* place);
    -- An entry of an address book that did not come in is theirs alone: all its cells go with it.
    DELETE FROM imports_left_out l WHERE l.workspace_id = workspace
       AND (l.name ~* named OR l.reason ~* place OR l.cells::text ~* place);
    DELETE FROM imports_foreseen f WHERE f.workspace_id = workspace
       AND (f.name ~* named OR (f.changes || f.reasons || f.who)::text ~* place
            OR f.who::text ~ coalesce(NULLIF(array_to_string(ids, '|'), ''), '\m\M'));
    -- What a program told of them and was not taken in, and the example that somebody pointed at.
    DELETE FROM hooks_delivery d WHERE d.workspace_id = workspace AND d.payload::text ~* named;
    DELETE FROM telephone_ring r WHERE r.workspace_id = workspace AND r.number ~* named;
    -- What was filled in on a website and waits for its link.
    DELETE FROM webforms_submission s WHERE s.workspace_id = workspace AND (s.email || ' ' || s.answers::text) ~* named;
    UPDATE hooks_hook h SET example = '{}' WHERE h.workspace_id = workspace AND h.example::text ~* named;
    DELETE FROM channels_import_problem p WHERE p.workspace_id = workspace AND p.sha256 = ANY (unread);
    DELETE FROM channels_connection_problem p WHERE p.workspace_id = workspace AND p.sha256 = ANY (unread);
    files := coalesce(files, '{}') || unread;
    DELETE FROM moments_draft d WHERE d.workspace_id = workspace
       AND (d.key || d.content::text) ~ coalesce(NULLIF(array_to_string(ids || bare, '|'), ''), '\m\M');

    -- Contact: the envelope stays. A part that fewer people saw than the moment goes, or it would be seen by more.
    DELETE FROM moments_participant p USING moments_moment m
     WHERE p.workspace_id = workspace AND m.workspace_id = workspace AND m.id = p.moment_id
       AND p.circle_id <> m.circle_id AND (p.relation_id = ANY (ids) OR p.contact_point_id = ANY (points)
                                           OR (p.relation_id IS NULL AND p.id = ANY (lost)));
    UPDATE moments_participant p SET relation_id = NULL, contact_point_id = NULL, heard_name = stub
     WHERE p.workspace_id = workspace AND (p.relation_id = ANY (ids) OR p.contact_point_id = ANY (points)
                                           OR (p.relation_id IS NULL AND p.id = ANY (lost)));
    UPDATE moments_subject s SET title = stub, location = '', key = ''
     WHERE s.workspace_id = workspace AND s.moment_id = ANY (bare);
    UPDATE moments_text t SET text = '', html = '', purpose = '', outcome = '', follow_up = '', means_needed = '',
                              mentions = '{}', quote_from = NULL, signature_from = NULL
     WHERE t.workspace_id = workspace AND t.moment_id = ANY (bare);
    UPDATE moments_moment m SET fingerprint = '', calendar_uid = ''
     WHERE m.workspace_id = workspace AND m.id = ANY (bare) AND (m.fingerprint <> '' OR m.calendar_uid <> '');
    -- An invitation lists whom it is for by address; the appointment that was made of it stays.
    DELETE FROM moments_attachment a WHERE a.workspace_id = workspace
       AND (a.moment_id = ANY (bare) OR (a.moment_id = ANY (shared) AND a.mime = 'text/calendar'));
    DELETE FROM moments_source s WHERE s.workspace_id = workspace AND s.moment_id = ANY (bare);
    DELETE FROM moments_recognised k WHERE k.workspace_id = workspace AND k.moment_id = ANY (bare);
    DELETE FROM moments_correction k WHERE k.workspace_id = workspace AND k.moment_id = ANY (bare);
    DELETE FROM moments_reference r WHERE r.workspace_id = workspace AND r.moment_id = ANY (bare);
    DELETE FROM moments_values v WHERE v.workspace_id = workspace AND v.moment_id = ANY (bare);
    DELETE FROM moments_todo t WHERE t.workspace_id = workspace
       AND (t.relation_id = ANY (ids) OR t.moment_id = ANY (bare) OR (t.relation_id IS NULL AND t.id = ANY (lost)));
    FOREACH the_table IN ARRAY ARRAY['moments_subject', 'moments_text', 'moments_attachment', 'moments_source',
                                     'moments_reference', 'moments_values', 'moments_todo', 'moments_participant'] LOOP
        PERFORM plein_redact_table(the_table, texts -> the_table, near, inline, shared);
    END LOOP;

    -- They themselves, with all that hangs on them.
    DELETE FROM relations_contact_point p WHERE p.workspace_id = workspace AND p.id = ANY (points);
    FOREACH the_table IN ARRAY ARRAY['relations_values', 'moments_values'] LOOP
        CONTINUE WHEN cardinality(ids) = 0;
        EXECUTE format('UPDATE %I v SET values = (SELECT coalesce(jsonb_object_agg(e.key, e.value), ''{}'')'
                       '  FROM jsonb_each(v.values) e WHERE e.value #>> ''{}'' <> ALL ($2))'
                       ' WHERE v.workspace_id = $1 AND v.values::text ~ array_to_string($2, ''|'')', the_table)
          USING workspace, ids::text[];
    END LOOP;
    DELETE FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ids);

    -- That they decided, what and when, stays as proof; about which address only its keyed hash says.
    UPDATE consent_decision d SET point_value = coalesce('#' || (digests ->> (d.point_kind || ':' || d.point_value)), ''),
                                  note = ''
     WHERE d.workspace_id = workspace AND d.point_value NOT LIKE '#%'
       AND (d.subject_id IN (SELECT s.id FROM consent_subject s WHERE s.workspace_id = workspace
                                AND (s.id = the_subject OR s.relation_id = ANY (ids)))
            OR digests ? (d.point_kind || ':' || d.point_value));
    -- What they asked and still waited for ends with it.
    UPDATE mypage_request q SET about = '', words = '', answer = '', why_later = '',
           answered_at = CASE WHEN q.state = 'open' THEN now() ELSE q.answered_at END,
           seat_id = CASE WHEN q.state = 'open' THEN NULLIF(current_setting('plein.seat', true), '')::uuid
                          ELSE q.seat_id END,
           state = CASE WHEN q.state = 'open' THEN 'done' ELSE q.state END
     WHERE q.workspace_id = workspace AND q.subject_id IN (
            SELECT s.id FROM consent_subject s WHERE s.workspace_id = workspace
               AND (s.id = the_subject OR s.relation_id = ANY (ids)));
    DELETE FROM consent_restriction t WHERE t.workspace_id = workspace AND t.subject_id IN (
            SELECT s.id FROM consent_subject s WHERE s.workspace_id = workspace
               AND (s.id = the_subject OR s.relation_id = ANY (ids)));
    UPDATE consent_subject s SET relation_id = NULL WHERE s.workspace_id = workspace AND s.relation_id = ANY (ids);

    -- Wherever else somebody wrote of them.
    FOR the_table, the_columns IN SELECT * FROM jsonb_each(texts) LOOP
        PERFORM plein_redact_table(the_table, the_columns,
            CASE WHEN the_table = ANY ({mentioning}) THEN named ELSE place END, inline, NULL);
    END LOOP;
    DELETE FROM core_search_word w WHERE w.workspace_id = workspace AND w.word = ANY (words)
       AND NOT EXISTS (SELECT FROM core_search_token t WHERE t.workspace_id = workspace AND t.token = w.word
                            AND t.circle_id = w.circle_id);

    files := coalesce(files, '{}')
        || plein_redact_history(ids, points, bare, shared, inline, place, named, near);
    RETURN (SELECT coalesce(array_agg(DISTINCT f.sha), '{}') FROM unnest(files) AS f(sha) WHERE plein_is_unused(f.sha));
END $$;

-- Whether nothing points at a file any more, nor could an undo make something do so.
CREATE OR REPLACE FUNCTION plein_is_unused(sha text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT NOT EXISTS (SELECT FROM moments_attachment a WHERE a.workspace_id = w.id AND a.sha256 = sha)
       AND NOT EXISTS (SELECT FROM outbox_mail_file f WHERE f.workspace_id = w.id AND f.sha256 = sha)
       AND NOT EXISTS (SELECT FROM relations_relation r WHERE r.workspace_id = w.id AND r.photo = sha)
       AND NOT EXISTS (SELECT FROM channels_import_problem p WHERE p.workspace_id = w.id AND p.sha256 = sha)
       AND NOT EXISTS (SELECT FROM channels_connection_problem p WHERE p.workspace_id = w.id AND p.sha256 = sha)
       AND NOT EXISTS (SELECT FROM core_change c WHERE c.workspace_id = w.id
                          AND c.table_name IN ('moments_attachment', 'relations_relation')
                          AND sha IN (c.before ->> 'sha256', c.before ->> 'photo', c.after ->> 'photo'))
      FROM (SELECT NULLIF(current_setting('plein.workspace', true), '')::integer AS id) w
$$;

-- For replaying a list of erasures on an older backup: everybody it could be about, subjects and persons alike.
CREATE OR REPLACE FUNCTION plein_erasable() RETURNS TABLE (relation_id uuid, subject_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    PERFORM plein_may_erase();
    RETURN QUERY SELECT r.id, NULL::uuid FROM relations_relation r WHERE r.workspace_id = workspace AND r.kind = 'person'
       UNION ALL SELECT s.relation_id, s.id FROM consent_subject s
                  WHERE s.workspace_id = workspace AND s.relation_id IS NOT NULL
       UNION ALL SELECT c.row_id, NULL FROM core_change c
                  WHERE c.workspace_id = workspace AND c.kind = 'D' AND c.table_name = 'relations_relation'
                    AND c.before ->> 'kind' = 'person';
END $$;

-- The subject of a person, made when there is none, whoever sees the person.
CREATE OR REPLACE FUNCTION plein_subject_of(the_relation uuid) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    found uuid;
BEGIN
    PERFORM plein_may_erase();
    SELECT s.id INTO found FROM consent_subject s
     WHERE s.workspace_id = workspace AND s.relation_id = the_relation ORDER BY s.created_at, s.id LIMIT 1;
    IF found IS NULL THEN
        INSERT INTO consent_subject (id, workspace_id, circle_id, relation_id, created_at)
            SELECT uuidv7(), workspace, p.circle_id, the_relation, now()
              FROM (SELECT r.circle_id FROM relations_relation r
                     WHERE r.workspace_id = workspace AND r.id = the_relation AND r.kind = 'person'
                     UNION ALL
                    SELECT c.circle_id FROM core_change c
                     WHERE c.workspace_id = workspace AND c.row_id = the_relation AND c.kind = 'D'
                       AND c.table_name = 'relations_relation' AND c.before ->> 'kind' = 'person') p
             LIMIT 1
        RETURNING id INTO found;
    END IF;
    RETURN found;
END $$;
