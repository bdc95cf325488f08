# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tag lives in a circle. Those that are here already were everybody's, and stay so."""

import plein.core.isolation.context
from django.db import migrations, models

EVERYBODYS = """
ALTER TABLE relations_tag ADD COLUMN circle_id integer;
ALTER TABLE relations_tag NO FORCE ROW LEVEL SECURITY;
ALTER TABLE trust_circle NO FORCE ROW LEVEL SECURITY;
ALTER TABLE relations_tag DISABLE TRIGGER USER;
UPDATE relations_tag t SET circle_id = c.id FROM trust_circle c
 WHERE c.workspace_id = t.workspace_id AND c.key = 'everyone';
ALTER TABLE relations_tag ENABLE TRIGGER USER;
ALTER TABLE trust_circle FORCE ROW LEVEL SECURITY;
ALTER TABLE relations_tag ALTER COLUMN circle_id SET NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("relations", "0008_own_circles"),
        ("trust", "0002_rate_count"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="tag", name="relations_tag_name"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(EVERYBODYS, "ALTER TABLE relations_tag DROP COLUMN circle_id")],
            state_operations=[
                migrations.AddField(
                    model_name="tag",
                    name="circle_id",
                    field=models.IntegerField(
                        default=plein.core.isolation.context.default_circle_id, editable=False
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                fields=("workspace_id", "circle_id", "name"), name="relations_tag_name"
            ),
        ),
    ]
