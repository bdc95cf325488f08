-- SPDX-License-Identifier: AGPL-3.0-or-later
-- All ties of one circle, for a snapshot: of so many relations after another, in the order of their ids, each column of all
-- their ties as one string of bytes. Nothing where the reader in force does not belong to the circle. That is asked once:
-- row-level security would read the circles of the reader anew for each of ten million ties.
--
-- `flags` is what a tie is, in one number. When somebody may be asked up to a moment, it stands in `until`.
CREATE OR REPLACE FUNCTION plein_network_whole(circle integer, day date, after uuid, most integer,
        OUT near bytea, OUT many bytea, OUT far bytea, OUT weight bytea, OUT flags bytea, OUT until bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT string_agg(uuid_send(g.near_id), '' ORDER BY g.near_id), string_agg(int4send(g.many), '' ORDER BY g.near_id),
           string_agg(g.far, '' ORDER BY g.near_id), string_agg(g.weight, '' ORDER BY g.near_id),
           string_agg(g.flags, '' ORDER BY g.near_id), string_agg(g.until, '' ORDER BY g.near_id)
      FROM (SELECT h.near_id, count(*)::integer AS many, string_agg(uuid_send(h.far_id), '') AS far,
                   string_agg(float8send(h.weight), '') AS weight,
                   string_agg(int2send((h.ground
                       + CASE WHEN h.is_shared THEN {shared} ELSE 0 END + CASE WHEN h.is_lasting THEN {lasting} ELSE 0 END
                       + CASE WHEN h.to_person THEN {person} ELSE 0 END
                       + CASE h.asked_until WHEN 'infinity' THEN {may} WHEN '-infinity' THEN 0 ELSE {for_a_while} END
                       + CASE WHEN h.ends_on IS NOT NULL OR h.starts_on > day THEN {dated} ELSE 0 END)::smallint), '') AS flags,
                   string_agg(timestamptz_send(h.asked_until), '') FILTER (WHERE isfinite(h.asked_until)) AS until
              FROM network_half h
             WHERE h.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
               AND circle = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[]) AND h.circle_id = circle
               AND h.is_used AND (h.ends_on IS NULL OR h.ends_on >= day) AND h.near_id > after
             GROUP BY h.near_id ORDER BY h.near_id LIMIT most) g
$$;
