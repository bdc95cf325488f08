from django.db import migrations

WAITING = """
CREATE OR REPLACE FUNCTION plein_waiting_connections(kinds text[])
    RETURNS TABLE (workspace integer, the_user uuid, the_connection uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user, the_connection IN
            SELECT s.user_id, c.id FROM channels_connection c
              JOIN trust_seat s ON s.workspace_id = workspace AND s.id = c.seat_id AND s.is_active
             WHERE c.workspace_id = workspace AND c.state = 'active' AND c.connector = ANY(kinds)
               AND c.succeeded_at IS NOT NULL AND c.failures = 0
             ORDER BY c.succeeded_at
        LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;
REVOKE ALL ON FUNCTION plein_waiting_connections(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plein_waiting_connections(text[]) TO plein_app;
GRANT CREATE ON SCHEMA public TO plein_keeper;
ALTER FUNCTION plein_waiting_connections(text[]) OWNER TO plein_keeper;
REVOKE CREATE ON SCHEMA public FROM plein_keeper;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('moments', '0017_hearing'),
    ]

    operations = [
        migrations.RunSQL(WAITING, "DROP FUNCTION plein_waiting_connections(text[]);"),
    ]
