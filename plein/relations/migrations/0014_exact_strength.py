from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('relations', '0013_what_came_of_it'),
    ]

    operations = [
        migrations.AddField(
            model_name='tietype',
            name='percent',
            field=models.SmallIntegerField(blank=True, null=True, verbose_name='how strong, in %'),
        ),
        migrations.AlterField(
            model_name='tietype',
            name='strength',
            field=models.CharField(choices=[('none', 'none: it is no way to anybody'), ('weak', 'weak'), ('ordinary', 'ordinary'), ('strong', 'strong'), ('exact', 'as strong as I say')], default='none', max_length=10, verbose_name='how strong'),
        ),
    ]
