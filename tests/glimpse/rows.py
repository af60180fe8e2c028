"""All rows of the domain, to show that nothing changed them."""

from django.apps import apps


def all_rows() -> dict[str, list[dict[str, object]]]:
    models = apps.get_app_config("labeling").get_models()
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}
