from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('trust', '0001_initial')]

    operations = [
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('subject', models.UUIDField(primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('count', models.IntegerField()),
            ],
            options={'verbose_name': 'count of requests', 'db_table': 'trust_rate_count'},
        ),
        # A count of the last minute need not survive a crash, and so a request need not wait for the disk.
        migrations.RunSQL('ALTER TABLE trust_rate_count SET UNLOGGED', 'ALTER TABLE trust_rate_count SET LOGGED'),
    ]
