# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.db import migrations, models

import plein.core.ids
import plein.core.isolation.context


class Migration(migrations.Migration):
    dependencies = [("relations", "0006_cells_by_key")]

    operations = [
        migrations.CreateModel(
            name="Former",
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
                ("own_circle_id", models.IntegerField(null=True)),
                ("former_id", models.UUIDField()),
                (
                    "relation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="formers",
                        to="relations.relation",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier address",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["workspace_id", "former_id"], name="relations_former_id"),
                    models.Index(fields=["workspace_id", "relation"], name="relations_former_relation"),
                ],
            },
        ),
    ]
