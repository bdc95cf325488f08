-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Functions that isolation stands on. Reapplied, in full, by `plein database migrate`.

-- Searching: accents folded, one configuration per language and one without stems or stop words for names.
-- Without a search path of its own, so that it becomes part of the query that asks: what it calls was found when it was made.
CREATE OR REPLACE FUNCTION plein_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

DO $$
DECLARE
    pair record;
BEGIN
    FOR pair IN SELECT * FROM (VALUES ('plein_nl', 'dutch_stem'), ('plein_en', 'english_stem'), ('plein_simple', 'simple'))
                AS t (config, stem)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = pair.config) THEN
            EXECUTE format('CREATE TEXT SEARCH CONFIGURATION %I (COPY = pg_catalog.simple)', pair.config);
            EXECUTE format(
                'ALTER TEXT SEARCH CONFIGURATION %I ALTER MAPPING FOR '
                'asciiword, word, numword, hword, asciihword, numhword, hword_part, hword_asciipart, hword_numpart '
                'WITH public.unaccent, pg_catalog.%I', pair.config, pair.stem);
        END IF;
    END LOOP;
END $$;

-- The words of a text: Dutch and English stems together, without positions (phrases are not searched).
CREATE OR REPLACE FUNCTION plein_words(value text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = public, pg_temp
    RETURN strip(to_tsvector('public.plein_nl', left(value, 200000)) || to_tsvector('public.plein_en', left(value, 200000)));

-- The meeting of circles: who is in all of them. Made once per set of circles; a base circle is its own only part,
-- and "everyone here" has no parts, because it asks nothing.
CREATE OR REPLACE FUNCTION plein_meet(workspace integer, circles integer[]) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    needed integer[];
    found integer;
    name text;
BEGIN
    SELECT array_agg(DISTINCT part ORDER BY part) INTO needed
      FROM trust_circle c, unnest(c.parts) AS part
     WHERE c.workspace_id = workspace AND c.id = ANY (circles);
    IF needed IS NULL THEN
        SELECT id INTO STRICT found FROM trust_circle WHERE workspace_id = workspace AND key = 'everyone';
        RETURN found;
    END IF;
    IF cardinality(needed) = 1 THEN
        RETURN needed[1];
    END IF;
    name := 'meet:' || array_to_string(needed, ',');
    SELECT id INTO found FROM trust_circle WHERE workspace_id = workspace AND key = name;
    IF found IS NULL THEN
        INSERT INTO trust_circle (workspace_id, kind, key, parts) VALUES (workspace, 'meet', name, needed)
            ON CONFLICT (workspace_id, key) DO NOTHING RETURNING id INTO found;
        IF found IS NULL THEN
            SELECT id INTO found FROM trust_circle WHERE workspace_id = workspace AND key = name;
        END IF;
        -- Whoever is in all of them is in their meeting from now on.
        IF needed <@ NULLIF(current_setting('plein.circles', true), '')::integer[] THEN
            PERFORM set_config('plein.circles',
                (NULLIF(current_setting('plein.circles', true), '')::integer[] || found)::text, true);
        END IF;
    END IF;
    RETURN found;
END $$;

-- Enter a workspace as a user: one round trip that finds the seat, computes its circles and sets the context.
-- Returns no row when the user has no active seat there. Without a workspace, the user's oldest seat is taken.
DROP FUNCTION IF EXISTS plein_enter(uuid, integer);
CREATE FUNCTION plein_enter(the_user uuid, wanted integer)
    RETURNS TABLE (seat uuid, workspace integer, seat_role text, workspace_name text, circles integer[],
                   prove_by timestamptz)
    LANGUAGE plpgsql VOLATILE
    SET search_path = public, pg_temp
AS $$
DECLARE
    base integer[];
    began timestamptz;
    policy text;
BEGIN
    PERFORM set_config('plein.user', the_user::text, true);
    SELECT s.id, s.workspace_id, s.role, s.created_at INTO seat, workspace, seat_role, began
      FROM trust_seat s
     WHERE s.user_id = the_user AND s.is_active AND (wanted IS NULL OR s.workspace_id = wanted)
     ORDER BY s.id LIMIT 1;
    IF seat IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('plein.workspace', workspace::text, true), set_config('plein.seat', seat::text, true);
    SELECT w.name, w.second_factor INTO workspace_name, policy FROM trust_workspace w WHERE w.id = workspace;
    SELECT array_agg(c.id) INTO base
      FROM trust_circle c
     WHERE c.workspace_id = workspace
       AND (c.kind = 'everyone'
            OR (c.kind = 'team' AND EXISTS (SELECT FROM trust_team_member m WHERE m.workspace_id = workspace
                                               AND m.team_id = c.team_id AND m.seat_id = seat))
            OR (c.kind = 'people' AND EXISTS (SELECT FROM trust_circle_seat p WHERE p.workspace_id = workspace
                                               AND p.circle_id = c.id AND p.seat_id = seat)));
    SELECT array_agg(c.id ORDER BY c.kind <> 'everyone', c.id) INTO circles
      FROM trust_circle c WHERE c.workspace_id = workspace AND c.parts <@ base;
    PERFORM set_config('plein.circles', circles::text, true);
    -- Who owes a second proof, and from when: the only administrator who ever signed in has a week, others have none.
    IF (policy = 'everyone' OR seat_role IN ('owner', 'administrator'))
       AND NOT EXISTS (SELECT FROM trust_passkey p WHERE p.user_id = the_user)
       AND NOT EXISTS (SELECT FROM trust_code_app a WHERE a.user_id = the_user) THEN
        prove_by := began;
        IF seat_role IN ('owner', 'administrator') AND NOT EXISTS (
            SELECT FROM trust_seat o JOIN trust_user u ON u.id = o.user_id
             WHERE o.workspace_id = workspace AND o.id <> seat AND o.is_active
               AND o.role IN ('owner', 'administrator') AND u.last_login IS NOT NULL) THEN
            prove_by := began + interval '7 days';
        END IF;
    END IF;
    RETURN NEXT;
END $$;

-- Every edit counts the version it makes; an edit that changes nothing counts nothing.
CREATE OR REPLACE FUNCTION plein_count_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;

-- The texts among the values of a company's own fields, to be found by their words.
CREATE OR REPLACE FUNCTION plein_texts_of(workspace integer, given jsonb) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = public, pg_temp
AS $$
    SELECT coalesce(string_agg(v.value #>> '{}', ' '), '')
      FROM jsonb_each(given) v
      JOIN metadata_field f ON f.workspace_id = workspace AND f.id = v.key::uuid AND f.type IN ('text', 'link')
$$;

-- A number in sixteen letters that sort as the numbers do.
CREATE OR REPLACE FUNCTION plein_sortable(number float8) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    SET search_path = public, pg_temp
    RETURN (SELECT lpad(to_hex(CASE WHEN b.bits >= 0 THEN b.bits # (-9223372036854775808)::bigint ELSE ~b.bits END), 16, '0')
              FROM (SELECT ('x' || encode(float8send(number + 0.0), 'hex'))::bit(64)::bigint AS bits) b);

-- A value of a company's own field in letters that sort as the values do: what its cell is found by.
CREATE OR REPLACE FUNCTION plein_key(type text, value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    SET search_path = public, pg_temp
    RETURN CASE
        WHEN type IN ('text', 'link') THEN left(plein_fold(value #>> '{}'), 200)
        WHEN type = 'number' THEN plein_sortable((value #>> '{}')::float8)
        WHEN type = 'money' THEN (value ->> 'currency') || plein_sortable((value ->> 'amount')::float8)
        WHEN type = 'yes_no' THEN CASE WHEN (value #>> '{}')::boolean THEN '1' ELSE '0' END
        ELSE value #>> '{}' END;
