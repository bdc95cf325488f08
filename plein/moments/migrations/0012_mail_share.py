import django.db.models.deletion
from django.db import migrations, models

import plein.core.ids
import plein.core.isolation.context


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0003_mail_server"),
        ("moments", "0011_own_circles"),
        ("relations", "0008_own_circles"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailShare",
            fields=[
                ("id", models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("workspace_id", models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ("circle_id", models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ("own_circle_id", models.IntegerField(null=True)),
                ("gives", models.CharField(choices=[("nothing", "nothing"), ("envelope", "that there was contact, with whom and when"), ("subject", "also the subject"), ("everything", "everything, with the text and the files")], default="everything", max_length=10)),
                ("audience_id", models.IntegerField()),
                ("mail_import", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="channels.mailimport")),
                ("relation", models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="relations.relation")),
            ],
            options={
                "verbose_name": "what colleagues get of a mailbox",
                "db_table": "moments_mail_share",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["workspace_id", "mail_import"], name="moments_share_import"),
                    models.Index(condition=models.Q(("relation__isnull", False)), fields=["workspace_id", "relation"], name="moments_share_relation"),
                ],
            },
        ),
    ]
