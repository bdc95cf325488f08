# SPDX-License-Identifier: AGPL-3.0-or-later
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import plein.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_search_in_values'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(editable=False)),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('event', models.CharField(max_length=40)),
                ('seat_id', models.UUIDField(null=True)),
                ('user_id', models.UUIDField(null=True)),
                ('door', models.CharField(max_length=20)),
                ('origin', models.CharField(max_length=32)),
                ('session', models.CharField(max_length=32)),
                ('token_id', models.UUIDField(null=True)),
                ('run_id', models.UUIDField(null=True)),
                ('kind', models.CharField(max_length=30)),
                ('records', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField())),
                ('facts', models.TextField()),
                ('key', models.CharField(max_length=8)),
                ('hash', models.BinaryField()),
            ],
            options={
                'verbose_name': 'line of the audit log',
                'db_table': 'core_audit_entry',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', '-at', '-id'], name='core_audit_recent'), models.Index(fields=['workspace_id', 'seat_id', '-at'], name='core_audit_seat'), models.Index(condition=models.Q(('run_id__isnull', False)), fields=['workspace_id', 'run_id'], name='core_audit_run'), django.contrib.postgres.indexes.GinIndex(fields=['workspace_id', 'records'], name='core_audit_records')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'seq'), name='core_audit_place')],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(editable=False)),
                ('kind', models.CharField(max_length=5)),
                ('seq', models.BigIntegerField()),
                ('hash', models.BinaryField()),
                ('key', models.CharField(max_length=8)),
                ('seal', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'end of the audit log',
                'db_table': 'core_audit_head',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', 'kind', 'seq'], name='core_audit_head_place')],
            },
        ),
    ]
