from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[object, str], key: object) -> str:
    """What stands under a key that only the template knows; "" where nothing does."""
    return found.get(key, "")


@register.filter
def percent(share: float) -> int:
    """Of a share 0..1, without a sign."""
    return round(100 * share)


@register.filter
def exact(number: float) -> str:
    """For attributes: with a point in every language."""
    return f"{number:.4f}"
