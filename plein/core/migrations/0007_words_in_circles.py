# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of names live in circles: they are derived anew from the names there are."""

import django.contrib.postgres.indexes
import plein.core.ids
import plein.core.isolation.context
from django.db import migrations, models

FILL = """
ALTER TABLE core_search_token NO FORCE ROW LEVEL SECURITY;
INSERT INTO core_search_word (id, workspace_id, circle_id, word)
SELECT uuidv7(), w.workspace_id, w.circle_id, w.token FROM (
    SELECT DISTINCT t.workspace_id, t.circle_id, t.token FROM core_search_token t
     WHERE length(t.token) >= 3 AND t.token !~ '[0-9]') w;
ALTER TABLE core_search_token FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_readers_in_indexes")]

    operations = [
        migrations.DeleteModel(name="SearchWord"),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "workspace_id",
                    models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False),
                ),
                (
                    "circle_id",
                    models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False),
                ),
                ("word", models.TextField(db_collation="C")),
            ],
            options={
                "verbose_name": "word of a name",
                "db_table": "core_search_word",
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace_id", "word", "circle_id"), name="core_search_word_once"
                    )
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["circle_id", "word"],
                        name="core_search_word_like",
                        opclasses=["int4_ops", "gin_trgm_ops"],
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
