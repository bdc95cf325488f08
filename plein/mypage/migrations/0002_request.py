import django.db.models.deletion
import plein.core.ids
import plein.core.isolation.context
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0001_initial'),
        ('mypage', '0001_initial'),
        ('trust', '0007_second_factor'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageRequest',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('kind', models.CharField(choices=[('correct', 'to correct something'), ('copy', 'to be told more, or get a copy'), ('restrict', 'not to use their data for now'), ('object', 'an objection'), ('erase', 'to be erased')], max_length=10, verbose_name='asks for')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='about')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='in their words')),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('refused', 'refused')], default='open', max_length=10)),
                ('asked_at', models.DateTimeField(default=plein.core.ids.now, verbose_name='since')),
                ('due_on', models.DateField(verbose_name='due')),
                ('extended_at', models.DateTimeField(null=True)),
                ('why_later', models.CharField(blank=True, max_length=500, verbose_name='why it takes longer')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
                ('seat', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to='trust.seat')),
                ('subject', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='consent.subject')),
            ],
            options={
                'verbose_name': 'request of a person',
                'db_table': 'mypage_request',
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['workspace_id', 'state', 'due_on'], name='mypage_request_due'), models.Index(fields=['workspace_id', 'subject'], name='mypage_request_subject')],
            },
        ),
    ]
