"""Label groups get the numbers by which the latest explanations know them: their places when written."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def number_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    groups = apps.get_model("labeling", "LabelGroup")
    place: dict[tuple[int, int], int] = {}
    for group in groups.objects.order_by("pk").iterator():
        scope = (group.study_id, group.explained_class)
        group.number = place.get(scope, 0)
        place[scope] = group.number + 1
        group.save(update_fields=["number"])


class Migration(migrations.Migration):

    dependencies = [("labeling", "0008_words_and_explanations")]

    operations = [migrations.RunPython(number_groups, migrations.RunPython.noop)]
