from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("moments", "0010_cells_by_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="own_circle_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="momentvalues",
            name="own_circle_id",
            field=models.IntegerField(editable=False, null=True),
        ),
    ]
