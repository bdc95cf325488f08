from django.db import migrations


class Migration(migrations.Migration):
    """Cells are found by one key: those there are will be made anew, when somebody asks for their field again."""

    dependencies = [
        ('metadata', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL('TRUNCATE metadata_index', migrations.RunSQL.noop),
    ]
