from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0005_look"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="default_audience",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=2000, verbose_name="what they add is for"
            ),
        ),
    ]
