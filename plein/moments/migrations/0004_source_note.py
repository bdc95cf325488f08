# SPDX-License-Identifier: AGPL-3.0-or-later
"""A copy of a message keeps what was wrong with it: that it has no date, or how a damaged text was read anyway."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moments", "0003_references_and_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="momentsource",
            name="note",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
