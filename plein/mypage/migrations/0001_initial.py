import plein.core.ids
import plein.core.isolation.context
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PageSettings',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('is_open', models.BooleanField(default=True, verbose_name='people may open their own page')),
                ('in_footer', models.BooleanField(default=False, verbose_name='a link under every mail to one person')),
            ],
            options={
                'verbose_name': "settings about people's own pages",
                'db_table': 'mypage_settings',
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('workspace_id',), name='mypage_settings_once')],
            },
        ),
        migrations.CreateModel(
            name='Way',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('link', 'a link'), ('visit', 'a visit')], max_length=5)),
                ('into_workspace', models.IntegerField()),
                ('subject_id', models.UUIDField()),
                ('created_at', models.DateTimeField(default=plein.core.ids.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': "way to somebody's own page",
                'indexes': [models.Index(fields=['subject_id', 'created_at'], name='mypage_way_subject'), models.Index(fields=['expires_at'], name='mypage_way_over')],
            },
        ),
    ]
