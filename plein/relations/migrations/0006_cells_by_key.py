from django.db import migrations, models


class Migration(migrations.Migration):
    """A cell is found by one key, which is the field and the value in letters."""

    dependencies = [
        ('metadata', '0002_cells_by_key'),
        ('relations', '0005_visit'),
    ]

    operations = [
        migrations.RunSQL('TRUNCATE relations_cell', migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name='relationcell', name='relations_cell_record'),
        migrations.RemoveIndex(model_name='relationcell', name='relations_cell_text'),
        migrations.RemoveIndex(model_name='relationcell', name='relations_cell_number'),
        migrations.RemoveIndex(model_name='relationcell', name='relations_cell_day'),
        migrations.RemoveIndex(model_name='relationcell', name='relations_cell_ref'),
        migrations.RemoveField(model_name='relationcell', name='field_id'),
        migrations.RemoveField(model_name='relationcell', name='text'),
        migrations.RemoveField(model_name='relationcell', name='number'),
        migrations.RemoveField(model_name='relationcell', name='day'),
        migrations.AddField(
            model_name='relationcell',
            name='key',
            field=models.TextField(db_collation='C', default=''),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='relationcell',
            index=models.Index(fields=['workspace_id', 'relation', 'key'], include=['circle_id'], name='relations_cell_record'),
        ),
        migrations.AddIndex(
            model_name='relationcell',
            index=models.Index(fields=['workspace_id', 'key', 'relation'], include=['circle_id'], name='relations_cell_key'),
        ),
    ]
