from django.db import migrations


class Migration(migrations.Migration):
    """Ties are derived anew: colleagues count who was there with them, and private ties are asked over where that was noted."""

    dependencies = [
        ('network', '0007_places'),
    ]

    operations = [
        migrations.RunSQL('TRUNCATE network_half, network_snapshot', migrations.RunSQL.noop),
    ]
