import django.db.models.deletion
from django.db import migrations, models

import plein.core.ids
import plein.core.isolation.context


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0004_proof_and_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ("started_at", models.DateTimeField(default=plein.core.ids.now, editable=False)),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("as_seat", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name="looked_at", to="trust.seat")),
                ("seat", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name="looks", to="trust.seat")),
            ],
            options={
                "verbose_name": "look through a colleague's eyes",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["workspace_id", "as_seat", "-started_at"], name="trust_look_as"),
                    models.Index(fields=["workspace_id", "seat"], name="trust_look_seat"),
                ],
            },
        ),
    ]
