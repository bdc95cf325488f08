# SPDX-License-Identifier: AGPL-3.0-or-later
"""An import says which worker has it and until when, so that another one can take over when that worker dies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailimport",
            name="holder",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="mailimport",
            name="lease_until",
            field=models.DateTimeField(null=True),
        ),
    ]
