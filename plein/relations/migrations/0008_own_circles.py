from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("relations", "0007_former"),
    ]

    operations = [
        migrations.AddField(
            model_name="relationvalues",
            name="own_circle_id",
            field=models.IntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="tie",
            name="own_circle_id",
            field=models.IntegerField(null=True),
        ),
    ]
