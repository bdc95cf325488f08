from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_mail_server'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailimport',
            name='source',
            field=models.CharField(blank=True, db_default='mail', default='mail', max_length=20),
        ),
    ]
