# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_who_may_be_one'),
    ]

    operations = [
        migrations.AddField(
            model_name='pair',
            name='brought_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('brought_by__isnull', False)), fields=['workspace_id', 'brought_by'], name='identity_pair_brought'),
        ),
    ]
