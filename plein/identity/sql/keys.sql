-- SPDX-License-Identifier: AGPL-3.0-or-later
-- By what people are found, kept in step with what it is made from. What is said here of names is said in Python too
-- (plein/identity/profiles.py), for who is looked for; a test compares the two.

-- A text as it is compared; what is plain already costs little.
CREATE OR REPLACE FUNCTION plein_identity_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN CASE WHEN octet_length(value) = length(value) THEN lower(value) ELSE plein_fold(translate(value, '’‘', '''''')) END;

-- A folded text in bare letters.
CREATE OR REPLACE FUNCTION plein_identity_letters(folded text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN regexp_replace(folded, '[^[:alnum:]]', '', 'g');

-- Of a surname the last word.
CREATE OR REPLACE FUNCTION plein_identity_word(folded text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN coalesce(substring(folded FROM '(\S*[[:alnum:]]\S*)[^[:alnum:]]*$'), '');

-- How a surname sounds: {sounds_told}.
CREATE OR REPLACE FUNCTION plein_identity_sound(family text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN (SELECT left(s.told, 1) || regexp_replace(substr(s.told, 2), '[aeiouyh]', '', 'g')
              FROM (SELECT regexp_replace({sounds}, '(.)\1+', '\1', 'g') AS told) s);

-- The name of an organization without what it is legally.
CREATE OR REPLACE FUNCTION plein_identity_company(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN (SELECT left(coalesce(string_agg(w.word, ' ' ORDER BY w.place) FILTER (WHERE w.word <> ALL ({legal_forms})),
                                 string_agg(w.word, ' ' ORDER BY w.place), ''), 80)
              FROM regexp_split_to_table(regexp_replace(plein_identity_fold(name), '[''.]', '', 'g'),
                                         '[^[:alnum:]]+') WITH ORDINALITY w (word, place)
             WHERE w.word <> '');

-- A person's names as they are compared: of one whose name was never taken apart, the first and the last word. Of a double
-- surname each half is one too.
CREATE OR REPLACE FUNCTION plein_identity_names(name text, given text, family text)
    RETURNS TABLE (first_name text, families text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT left(coalesce(substring(w.given FROM '[[:alnum:]]+'), ''), 60),
           CASE WHEN w.word LIKE '%-%' THEN
               ARRAY(SELECT DISTINCT left(plein_identity_letters(h.part), 80)
                       FROM (SELECT w.word UNION ALL SELECT regexp_split_to_table(w.word, '-')) h (part)
                      WHERE h.part = w.word OR length(plein_identity_letters(h.part)) > 1)
           ELSE ARRAY[left(plein_identity_letters(w.word), 80)] END
      FROM (SELECT n.given, plein_identity_word(n.family) AS word
              FROM (SELECT plein_identity_fold(CASE WHEN given = '' AND family = '' THEN split_part(btrim(name), ' ', 1)
                                                    ELSE given END) AS given,
                           plein_identity_fold(CASE WHEN given <> '' OR family <> '' THEN family
                                                    WHEN btrim(name) LIKE '% %' THEN regexp_replace(btrim(name), '^.*\s', '')
                                                    ELSE '' END) AS family OFFSET 0) n OFFSET 0) w
    $$;

-- The keys of people by their name. Each is looked up by itself, here and below: for a workspace that is younger than its
-- statistics, the database would compare every row with every other.
CREATE OR REPLACE FUNCTION plein_identity_of_people(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    INSERT INTO identity_key (workspace_id, circle_id, relation_id, origin_id, kind, value)
    SELECT workspace, r.circle_id, r.id, r.id, k.kind, k.value
      FROM unnest(wanted) w (id)
     CROSS JOIN LATERAL (SELECT p.id, p.kind, p.circle_id, p.name::text, p.given_name::text, p.family_name::text
                           FROM relations_relation p WHERE p.workspace_id = workspace AND p.id = w.id LIMIT 1) r
     CROSS JOIN LATERAL plein_identity_names(r.name, r.given_name, r.family_name) n
     CROSS JOIN LATERAL unnest(n.families) f (family)
     CROSS JOIN LATERAL (VALUES ('n', f.family || ' ' || n.first_name),
                                ('m', CASE WHEN f.family <> '' AND n.first_name <> ''
                                           THEN plein_identity_sound(f.family) || ' ' || n.first_name END)) k (kind, value)
     WHERE r.kind = 'person' AND k.value > ' ';
$$;

-- The keys of people by their addresses.
CREATE OR REPLACE FUNCTION plein_identity_of_links(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    INSERT INTO identity_key (workspace_id, circle_id, relation_id, origin_id, kind, value)
    SELECT workspace, l.circle_id, l.relation_id, l.id, k.kind, k.value
      FROM unnest(wanted) w (id)
     CROSS JOIN LATERAL (SELECT * FROM relations_contact_point_link p
                          WHERE p.workspace_id = workspace AND p.id = w.id AND p.revoked_at IS NULL LIMIT 1) l
     CROSS JOIN LATERAL (SELECT p.kind FROM relations_relation p WHERE p.workspace_id = workspace AND p.id = l.relation_id LIMIT 1) r
     CROSS JOIN LATERAL (SELECT p.kind, p.value::text, p.network, p.detail FROM relations_contact_point p
                          WHERE p.workspace_id = workspace AND p.id = l.contact_point_id LIMIT 1) p
     CROSS JOIN LATERAL (SELECT CASE p.kind WHEN 'email' THEN 'e' WHEN 'phone' THEN 'p' WHEN 'handle' THEN 'h'
                                            WHEN 'postal' THEN 'z' END AS kind,
                                CASE p.kind WHEN 'handle' THEN plein_identity_letters(plein_identity_fold(
                                                regexp_replace(p.value, '^.*/|@.*$|\.bsky\.social$', '', 'g'))) || ' ' || p.network
                                            WHEN 'postal' THEN lower(replace(p.detail ->> 'postal_code', ' ', ''))
                                            ELSE p.value END AS value) k
     WHERE r.kind = 'person' AND k.kind IS NOT NULL AND k.value > ' ';
$$;

-- The keys of people by whom they work for. The rows of both are held, so that no new name slips in meanwhile.
CREATE OR REPLACE FUNCTION plein_identity_of_members(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM FROM relations_relation r WHERE r.workspace_id = workspace AND r.id = ANY (ARRAY(
        SELECT e.id FROM relations_membership m CROSS JOIN LATERAL (VALUES (m.person_id), (m.organization_id)) e (id)
         WHERE m.workspace_id = workspace AND m.id = ANY (wanted))) ORDER BY r.id FOR SHARE;
    INSERT INTO identity_key (workspace_id, circle_id, relation_id, origin_id, kind, value)
    SELECT DISTINCT workspace, m.circle_id, m.person_id, m.id, k.kind, k.value
      FROM unnest(wanted) w (id)
     CROSS JOIN LATERAL (SELECT * FROM relations_membership p WHERE p.workspace_id = workspace AND p.id = w.id LIMIT 1) m
     CROSS JOIN LATERAL (SELECT p.kind, p.name::text, p.given_name::text, p.family_name::text FROM relations_relation p
                          WHERE p.workspace_id = workspace AND p.id = m.person_id LIMIT 1) r
     CROSS JOIN LATERAL (SELECT plein_identity_company(p.name) AS core FROM relations_relation p
                          WHERE p.workspace_id = workspace AND p.id = m.organization_id LIMIT 1) c
     CROSS JOIN LATERAL plein_identity_names(r.name, r.given_name, r.family_name) n
     CROSS JOIN LATERAL unnest(n.families) f (family)
     CROSS JOIN LATERAL (VALUES ('c', c.core || '|' || n.first_name), ('d', c.core || '|' || f.family)) k (kind, value)
     WHERE r.kind = 'person' AND c.core <> '';
END $$;

-- Away with the keys that were made from these rows of these people.
CREATE OR REPLACE FUNCTION plein_identity_away(workspace integer, people uuid[], origins uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    DELETE FROM identity_key k
     WHERE k.workspace_id = workspace AND k.relation_id = ANY (people) AND k.origin_id = ANY (origins);
$$;

CREATE OR REPLACE FUNCTION plein_identity_people() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    moved uuid[];
    renamed uuid[];
    members uuid[];
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    IF TG_OP = 'INSERT' THEN
        PERFORM plein_identity_of_people(workspace, ARRAY(SELECT n.id FROM new_rows n WHERE n.kind = 'person'));
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM identity_key k WHERE k.workspace_id = workspace AND k.relation_id = ANY (ARRAY(SELECT o.id FROM old_rows o));
    ELSE
        EXECUTE $sql$ SELECT array_agg(DISTINCT e.id) FROM (
            SELECT id, kind, name, given_name, family_name, circle_id FROM new_rows
            EXCEPT SELECT id, kind, name, given_name, family_name, circle_id FROM old_rows) e $sql$ INTO moved;
        IF moved IS NULL THEN RETURN NULL; END IF;
        EXECUTE $sql$ SELECT array_agg(DISTINCT e.id) FROM (
            SELECT id, kind, name, given_name, family_name FROM new_rows
            EXCEPT SELECT id, kind, name, given_name, family_name FROM old_rows) e $sql$ INTO renamed;
        PERFORM plein_identity_away(workspace, moved, moved);
        PERFORM plein_identity_of_people(workspace, moved);
        IF renamed IS NOT NULL THEN
            members := ARRAY(SELECT m.id FROM relations_membership m WHERE m.workspace_id = workspace AND m.person_id = ANY (renamed)
                             UNION SELECT m.id FROM relations_membership m
                                    WHERE m.workspace_id = workspace AND m.organization_id = ANY (renamed));
            PERFORM plein_identity_away(workspace, ARRAY(SELECT DISTINCT m.person_id FROM relations_membership m
                WHERE m.workspace_id = workspace AND m.id = ANY (members)), members);
            PERFORM plein_identity_of_members(workspace, members);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_identity_links() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    IF TG_OP <> 'INSERT' THEN
        PERFORM plein_identity_away(workspace, ARRAY(SELECT DISTINCT o.relation_id FROM old_rows o),
            ARRAY(SELECT o.id FROM old_rows o));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM plein_identity_of_links(workspace, ARRAY(SELECT n.id FROM new_rows n));
    END IF;
    RETURN NULL;
END $$;

-- An address that is written otherwise from now on.
CREATE OR REPLACE FUNCTION plein_identity_points() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    changed uuid[];
    links uuid[];
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    EXECUTE $sql$ SELECT array_agg(DISTINCT e.id) FROM (
        SELECT id, kind, network, value, detail FROM new_rows
        EXCEPT SELECT id, kind, network, value, detail FROM old_rows) e $sql$ INTO changed;
    IF changed IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    links := ARRAY(SELECT l.id FROM relations_contact_point_link l
                    WHERE l.workspace_id = workspace AND l.contact_point_id = ANY (changed));
    PERFORM plein_identity_away(workspace, ARRAY(SELECT DISTINCT l.relation_id FROM relations_contact_point_link l
        WHERE l.workspace_id = workspace AND l.id = ANY (links)), links);
    PERFORM plein_identity_of_links(workspace, links);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION plein_identity_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock}, workspace);
    IF TG_OP <> 'INSERT' THEN
        PERFORM plein_identity_away(workspace, ARRAY(SELECT DISTINCT o.person_id FROM old_rows o),
            ARRAY(SELECT o.id FROM old_rows o));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM plein_identity_of_members(workspace, ARRAY(SELECT n.id FROM new_rows n));
    END IF;
    RETURN NULL;
END $$;

-- All keys of the workspace in force, made anew.
CREATE OR REPLACE FUNCTION plein_identity_rebuild() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, workspace);
    DELETE FROM identity_key k WHERE k.workspace_id = workspace;
    PERFORM plein_identity_of_people(workspace, ARRAY(SELECT r.id FROM relations_relation r
        WHERE r.workspace_id = workspace AND r.kind = 'person'));
    PERFORM plein_identity_of_links(workspace, ARRAY(SELECT l.id FROM relations_contact_point_link l
        WHERE l.workspace_id = workspace));
    PERFORM plein_identity_of_members(workspace, ARRAY(SELECT m.id FROM relations_membership m
        WHERE m.workspace_id = workspace));
END $$;

-- How many keys differ from what they would be if made anew. It makes them, compares, and takes it back.
CREATE OR REPLACE FUNCTION plein_identity_differences() RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    found text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, workspace);
    CREATE TEMPORARY TABLE plein_keys_were ON COMMIT DROP AS
        SELECT circle_id, relation_id, origin_id, kind, value FROM identity_key k WHERE k.workspace_id = workspace;
    BEGIN
        PERFORM plein_identity_rebuild();
        SELECT count(*) INTO found FROM (
            (SELECT circle_id, relation_id, origin_id, kind, value FROM identity_key k WHERE k.workspace_id = workspace
             EXCEPT ALL TABLE plein_keys_were)
            UNION ALL
            (TABLE plein_keys_were EXCEPT ALL
             SELECT circle_id, relation_id, origin_id, kind, value FROM identity_key k WHERE k.workspace_id = workspace)) d;
        RAISE EXCEPTION USING ERRCODE = 'PL010', MESSAGE = found;
    EXCEPTION WHEN SQLSTATE 'PL010' THEN
        GET STACKED DIAGNOSTICS found = MESSAGE_TEXT;
    END;
    DROP TABLE plein_keys_were;
    RETURN found::bigint;
END $$;

-- For a Plein that is older than its keys: makes them in each workspace that has none.
CREATE OR REPLACE FUNCTION plein_identity_begin() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR workspace IN 1..last LOOP
        PERFORM set_config('plein.workspace', workspace::text, true);
        IF NOT EXISTS (SELECT FROM identity_key k WHERE k.workspace_id = workspace) THEN
            PERFORM plein_identity_rebuild();
        END IF;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

-- How common names are among the people whom everyone here sees, counted anew; rare ones are counted when asked.
CREATE OR REPLACE FUNCTION plein_identity_count() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    everyone integer := (SELECT c.id FROM trust_circle c WHERE c.workspace_id = workspace AND c.key = 'everyone');
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, -workspace);
    DELETE FROM identity_term t WHERE t.workspace_id = workspace;
    INSERT INTO identity_term (id, workspace_id, value, people)
    SELECT uuidv7(), workspace, v.value, v.people FROM (
        SELECT '' AS value, count(*) AS people FROM relations_relation r
         WHERE r.workspace_id = workspace AND r.circle_id = everyone AND r.kind = 'person'
        UNION ALL
        SELECT k.value, count(*) FROM identity_key k
         WHERE k.workspace_id = workspace AND k.circle_id = everyone AND k.kind = 'n' AND k.value ~ '^\S+ \S'
         GROUP BY 1 HAVING count(*) >= {common}
        UNION ALL
        SELECT split_part(k.value, ' ', 1) || ' ', count(*) FROM identity_key k
         WHERE k.workspace_id = workspace AND k.circle_id = everyone AND k.kind = 'n' AND k.value ~ '^\S'
         GROUP BY 1 HAVING count(*) >= {common}
        UNION ALL
        SELECT '|' || split_part(k.value, '|', 1), count(*) FROM identity_key k
         WHERE k.workspace_id = workspace AND k.circle_id = everyone AND k.kind = 'd'
         GROUP BY 1 HAVING count(*) >= {common}
        UNION ALL
        SELECT '@' || r.place, count(*) FROM relations_relation r
         WHERE r.workspace_id = workspace AND r.circle_id = everyone AND r.kind = 'person' AND r.place <> ''
         GROUP BY 1 HAVING count(*) >= {common}) v;
END $$;
