# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participants, subject and text follow the time of their moment; follow-ups are found by an index of their own.

The database does it, as the keeper, because participants that the editor may not see have to move along.
"""

from django.db import migrations, models

MOVED = """
CREATE OR REPLACE FUNCTION plein_moment_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE moments_participant p SET occurred_at = NEW.occurred_at
     WHERE p.workspace_id = NEW.workspace_id AND p.moment_id = NEW.id AND p.occurred_at <> NEW.occurred_at;
    -- Touched, so that what is found of them carries the new time.
    UPDATE moments_subject s SET title = s.title WHERE s.workspace_id = NEW.workspace_id AND s.moment_id = NEW.id;
    UPDATE moments_text t SET text = t.text WHERE t.workspace_id = NEW.workspace_id AND t.moment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER f_moved AFTER UPDATE OF occurred_at ON moments_moment FOR EACH ROW
    WHEN (OLD.occurred_at IS DISTINCT FROM NEW.occurred_at) EXECUTE FUNCTION plein_moment_moved();
GRANT CREATE ON SCHEMA public TO plein_keeper;
ALTER FUNCTION plein_moment_moved() OWNER TO plein_keeper;
REVOKE CREATE ON SCHEMA public FROM plein_keeper;
"""
REMOVED = "DROP TRIGGER f_moved ON moments_moment; DROP FUNCTION plein_moment_moved();"


class Migration(migrations.Migration):
    dependencies = [("moments", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="momenttext",
            index=models.Index(
                fields=["workspace_id", "-moment"],
                condition=~models.Q(follow_up=""),
                name="moments_text_follow_up",
            ),
        ),
        migrations.RunSQL(MOVED, REMOVED),
    ]
