from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("outbox", "0002_purpose"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="circle_key",
            field=models.CharField(default="everyone", max_length=1857),
        ),
    ]
