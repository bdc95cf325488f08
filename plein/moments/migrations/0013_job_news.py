import django.db.models.deletion
from django.db import migrations, models

import plein.core.ids
import plein.core.isolation.context


class Migration(migrations.Migration):

    dependencies = [
        ('moments', '0012_mail_share'),
        ('relations', '0013_what_came_of_it'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobNews',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('import_id', models.UUIDField()),
                ('heard_on', models.DateField()),
                ('decision', models.CharField(choices=[('open', 'not decided'), ('accepted', 'made a person'), ('ignored', 'ignored')], default='open', max_length=10)),
                ('contact_point', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.contactpoint')),
                ('moment', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='moments.moment')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
                ('other', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.relation')),
                ('work', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='relations.membership')),
            ],
            options={
                'verbose_name': 'news of a job',
                'db_table': 'moments_job_news',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', 'import_id', 'decision', 'id'], name='moments_news_open'), models.Index(fields=['workspace_id', 'person'], name='moments_news_person'), models.Index(fields=['workspace_id', 'work'], name='moments_news_work'), models.Index(fields=['workspace_id', 'organization'], name='moments_news_organization'), models.Index(fields=['workspace_id', 'contact_point'], name='moments_news_point'), models.Index(fields=['workspace_id', 'moment'], name='moments_news_moment'), models.Index(condition=models.Q(('other__isnull', False)), fields=['workspace_id', 'other'], name='moments_news_other')],
            },
        ),
    ]
