# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trust', '0006_default_audience'),
    ]

    operations = [
        migrations.AddField(
            model_name='externalidentity',
            name='vouched_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='workspace',
            name='second_factor',
            field=models.CharField(choices=[('administrators', 'owners and administrators'), ('everyone', 'everyone')], default='administrators', max_length=15),
        ),
    ]
