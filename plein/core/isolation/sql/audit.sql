-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The audit log: a chain per workspace, and one, numbered 0, for what belongs to none. Only these functions write it.

-- The end of the chain in force. It is locked until the transaction ends: nobody else can go on from the same end.
CREATE OR REPLACE FUNCTION plein_audit_head(OUT place integer, OUT seq bigint, OUT hash bytea)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    place := coalesce(NULLIF(current_setting('plein.workspace', true), '')::integer, 0);
    PERFORM pg_advisory_xact_lock(7533461, place);
    SELECT e.seq, e.hash INTO seq, hash FROM core_audit_entry e WHERE e.workspace_id = place ORDER BY e.seq DESC LIMIT 1;
    IF seq IS NULL THEN
        SELECT h.seq, h.hash INTO seq, hash FROM core_audit_head h
         WHERE h.workspace_id = place AND h.kind = 'start' ORDER BY h.seq DESC LIMIT 1;
    END IF;
    seq := coalesce(seq, 0);
    hash := coalesce(hash, '\x'::bytea);
END $$;

-- Add entries that were sealed to the end that plein_audit_head gave in this transaction.
CREATE OR REPLACE FUNCTION plein_audit_append(entries jsonb, head_seal text, head_id uuid) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    head record;
    last_one jsonb := entries -> -1;
BEGIN
    SELECT * INTO head FROM plein_audit_head();
    IF (entries -> 0 ->> 'seq')::bigint <> head.seq + 1 THEN
        RAISE EXCEPTION 'The audit log went on meanwhile.' USING ERRCODE = 'PL002';
    END IF;
    INSERT INTO core_audit_entry (workspace_id, id, seq, at, event, seat_id, user_id, door, origin, session, token_id,
                                  run_id, kind, records, facts, key, hash)
        SELECT head.place, (e ->> 'id')::uuid, (e ->> 'seq')::bigint, (e ->> 'at')::timestamptz, e ->> 'event',
               (e ->> 'seat_id')::uuid, (e ->> 'user_id')::uuid, e ->> 'door', e ->> 'origin', e ->> 'session',
               (e ->> 'token_id')::uuid, (e ->> 'run_id')::uuid, e ->> 'kind',
               ARRAY(SELECT r::uuid FROM jsonb_array_elements_text(e -> 'records') WITH ORDINALITY AS t (r, n) ORDER BY n),
               e ->> 'facts', e ->> 'key', decode(e ->> 'hash', 'hex')
          FROM jsonb_array_elements(entries) AS e;
    UPDATE core_audit_head h
       SET seq = (last_one ->> 'seq')::bigint, hash = decode(last_one ->> 'hash', 'hex'), key = last_one ->> 'key',
           seal = decode(head_seal, 'hex'), at = now()
     WHERE h.workspace_id = head.place AND h.kind = 'last';
    IF NOT FOUND THEN
        INSERT INTO core_audit_head (workspace_id, id, kind, seq, hash, key, seal, at)
            VALUES (head.place, head_id, 'last', (last_one ->> 'seq')::bigint, decode(last_one ->> 'hash', 'hex'),
                    last_one ->> 'key', decode(head_seal, 'hex'), now());
    END IF;
END $$;

-- Keep the end of the chain as it is today, sealed.
CREATE OR REPLACE FUNCTION plein_audit_keep(head_id uuid, the_seq bigint, the_hash bytea, the_key text, the_seal bytea)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    place integer := coalesce(NULLIF(current_setting('plein.workspace', true), '')::integer, 0);
BEGIN
    INSERT INTO core_audit_head (workspace_id, id, kind, seq, hash, key, seal, at)
        VALUES (place, head_id, 'day', the_seq, the_hash, the_key, the_seal, now());
END $$;

-- Take old entries away from the beginning. The sealed end of what goes stays, so that the rest can be verified.
CREATE OR REPLACE FUNCTION plein_audit_shorten(
    head_id uuid, until_seq bigint, the_hash bytea, the_key text, the_seal bytea) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    place integer := coalesce(NULLIF(current_setting('plein.workspace', true), '')::integer, 0);
    gone bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7533461, place);
    IF EXISTS (SELECT FROM core_audit_entry e WHERE e.workspace_id = place AND e.seq <= until_seq
                  AND e.at > now() - interval '90 days') THEN
        RAISE EXCEPTION 'The audit log is kept for 90 days at least.' USING ERRCODE = 'PL003';
    END IF;
    PERFORM set_config('plein.shortening', 'on', true);
    DELETE FROM core_audit_entry e WHERE e.workspace_id = place AND e.seq <= until_seq;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('plein.shortening', 'off', true);
    DELETE FROM core_audit_head h WHERE h.workspace_id = place AND h.kind <> 'last' AND h.seq <= until_seq;
    INSERT INTO core_audit_head (workspace_id, id, kind, seq, hash, key, seal, at)
        VALUES (place, head_id, 'start', until_seq, the_hash, the_key, the_seal, now());
    RETURN gone;
END $$;

-- Nobody changes what stands in the log, not even who owns its table.
CREATE OR REPLACE FUNCTION plein_audit_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('plein.shortening', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'PL003';
END $$;

CREATE OR REPLACE TRIGGER stands BEFORE UPDATE OR DELETE OR TRUNCATE ON core_audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION plein_audit_stands();
