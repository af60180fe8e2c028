from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("labeling", "0005_points_to_ledger")]
    operations = [
        migrations.RemoveField(model_name="round", name="guess_points"),
        migrations.RemoveField(model_name="round", name="label_points"),
    ]
