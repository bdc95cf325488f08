# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import plein.core.ids
import plein.core.isolation.context
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
        ('relations', '0014_exact_strength'),
        ('trust', '0009_token_is_proven'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sureness',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('bits', models.FloatField()),
            ],
            options={
                'verbose_name': 'from when two are surely one',
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('workspace_id',), name='identity_sureness_once')],
            },
        ),
        migrations.CreateModel(
            name='BookRun',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done'), ('failed', 'stopped')], default='running', max_length=10)),
                ('step', models.CharField(default='read', max_length=10)),
                ('done', models.IntegerField(default=0)),
                ('total', models.IntegerField(default=0)),
                ('people', models.IntegerField(default=0)),
                ('pairs', models.IntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('fence', models.IntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('holder', models.CharField(blank=True, max_length=100)),
                ('created_at', models.DateTimeField(default=plein.core.ids.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('seat', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to='trust.seat')),
            ],
            options={
                'verbose_name': 'comparing of the whole book',
                'db_table': 'identity_book_run',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', 'seat', '-created_at'], name='identity_book_recent')],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('own_circle_id', models.IntegerField(null=True)),
                ('bits', models.FloatField()),
                ('prior', models.FloatField()),
                ('levels', models.JSONField(default=list)),
                ('group_id', models.UUIDField(null=True)),
                ('run_id', models.UUIDField()),
                ('found_at', models.DateTimeField(default=plein.core.ids.now)),
                ('one', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
                ('other', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
            ],
            options={
                'verbose_name': 'two who may be one',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', '-bits', 'id'], name='identity_pair_bits'), models.Index(fields=['workspace_id', 'one'], name='identity_pair_one'), models.Index(fields=['workspace_id', 'other'], name='identity_pair_other')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('said', models.CharField(choices=[('same', 'the same person'), ('apart', 'two people'), ('later', 'later')], max_length=10)),
                ('bits', models.FloatField()),
                ('until', models.DateField(null=True)),
                ('decided_at', models.DateTimeField(default=plein.core.ids.now)),
                ('decided_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to='trust.seat')),
                ('one', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
                ('other', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
            ],
            options={
                'verbose_name': 'what was said of two who may be one',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', 'one'], name='identity_review_one'), models.Index(fields=['workspace_id', 'other'], name='identity_review_other')],
            },
        ),
    ]
