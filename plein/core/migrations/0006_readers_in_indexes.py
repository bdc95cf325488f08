# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_removed_changes")]

    operations = [
        migrations.RemoveIndex(model_name="searchdocument", name="core_search_recent"),
        migrations.RemoveIndex(model_name="searchtoken", name="core_token_word"),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(
                condition=models.Q(("kind__in", ("subject", "text"))),
                fields=["workspace_id", "-occurred_at", "circle_id"],
                name="core_search_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(fields=["workspace_id", "token", "title", "circle_id"], name="core_token_reader"),
        ),
    ]
