"""Images that were prepared before a study could choose explained their predicted class."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery


def explain_the_predicted(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Image, Study = (apps.get_model("labeling", name) for name in ("Image", "Study"))
    database = schema_editor.connection.alias
    digest = Study.objects.filter(pk=OuterRef("study")).values("network__digest")
    Image.objects.using(database).exclude(prepared_at=None).update(
        explained_class=F("predicted_class"),
        explained_name=F("predicted_name"),
        explained_probability=F("probability"),
        network_digest=Subquery(digest),
    )


class Migration(migrations.Migration):
    dependencies = [("labeling", "0002_layers_and_measures")]
    operations = [migrations.RunPython(explain_the_predicted, migrations.RunPython.noop)]
