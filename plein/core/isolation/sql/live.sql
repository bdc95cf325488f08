-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What open pages listen to. A message names a seat, a user, or the hash of a session, and says nothing else:
-- whoever hears it looks again, with the rights of that moment. It leaves when the transaction is there to stay.

-- Rows that concern a seat came, went or changed; the argument names the column with the seat.
CREATE OR REPLACE FUNCTION plein_wake() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    EXECUTE format('SELECT count(pg_notify(''plein_live'', ''seat '' || workspace_id || '' '' || seat))'
                   ' FROM (SELECT DISTINCT workspace_id, %I AS seat FROM woken) AS seats', TG_ARGV[0]);
    RETURN NULL;
END $$;

-- A session ended: by signing out, from another device, or because it was cleared away.
CREATE OR REPLACE FUNCTION plein_wake_session() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('plein_live', 'session ' || encode(sha256(convert_to(OLD.session_key, 'UTF8')), 'hex'));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER plein_wake AFTER DELETE ON trust_session
    FOR EACH ROW EXECUTE FUNCTION plein_wake_session();

-- A user got another password or may no longer sign in, or a token was revoked.
CREATE OR REPLACE FUNCTION plein_wake_user() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_TABLE_NAME = 'trust_user' THEN
        PERFORM pg_notify('plein_live', 'user ' || OLD.id);
    ELSE
        PERFORM pg_notify('plein_live', 'user ' || OLD.user_id);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER plein_wake AFTER UPDATE OF password, is_active ON trust_user
    FOR EACH ROW EXECUTE FUNCTION plein_wake_user();
CREATE OR REPLACE TRIGGER plein_wake_gone AFTER DELETE ON trust_user
    FOR EACH ROW EXECUTE FUNCTION plein_wake_user();
CREATE OR REPLACE TRIGGER plein_wake AFTER UPDATE OF revoked_at, expires_at ON trust_api_token
    FOR EACH ROW EXECUTE FUNCTION plein_wake_user();
CREATE OR REPLACE TRIGGER plein_wake_gone AFTER DELETE ON trust_api_token
    FOR EACH ROW EXECUTE FUNCTION plein_wake_user();
