from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0007_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="last_used_from",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
