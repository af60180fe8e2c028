from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("labeling", "0009_numbers_of_groups")]

    operations = [
        migrations.AddConstraint(
            model_name='labelgroup',
            constraint=models.UniqueConstraint(fields=('study', 'explained_class', 'number'), name='group_number_once_a_class'),
        ),
    ]
