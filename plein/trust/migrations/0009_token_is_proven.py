from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0008_token_used_from"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="is_proven",
            field=models.BooleanField(db_default=False, default=False, verbose_name="also what asks for a proof"),
        ),
    ]
