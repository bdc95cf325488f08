from django.db import migrations, models


class Migration(migrations.Migration):
    """A cell is found by one key, which is the field and the value in letters."""

    dependencies = [
        ('metadata', '0002_cells_by_key'),
        ('moments', '0009_outgoing_mail'),
    ]

    operations = [
        migrations.RunSQL('TRUNCATE moments_cell', migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name='momentcell', name='moments_cell_record'),
        migrations.RemoveIndex(model_name='momentcell', name='moments_cell_text'),
        migrations.RemoveIndex(model_name='momentcell', name='moments_cell_number'),
        migrations.RemoveIndex(model_name='momentcell', name='moments_cell_day'),
        migrations.RemoveIndex(model_name='momentcell', name='moments_cell_ref'),
        migrations.RemoveField(model_name='momentcell', name='field_id'),
        migrations.RemoveField(model_name='momentcell', name='text'),
        migrations.RemoveField(model_name='momentcell', name='number'),
        migrations.RemoveField(model_name='momentcell', name='day'),
        migrations.AddField(
            model_name='momentcell',
            name='key',
            field=models.TextField(db_collation='C', default=''),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='momentcell',
            index=models.Index(fields=['workspace_id', 'moment', 'key'], include=['circle_id'], name='moments_cell_record'),
        ),
        migrations.AddIndex(
            model_name='momentcell',
            index=models.Index(fields=['workspace_id', 'key', 'moment'], include=['circle_id'], name='moments_cell_key'),
        ),
    ]
