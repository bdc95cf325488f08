from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0002_saved_views")]

    operations = [
        migrations.AddField(model_name="bulkrun", name="said", field=models.CharField(blank=True, max_length=300)),
    ]
