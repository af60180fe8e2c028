"""Who may do what here: staff are researchers and work on their own studies, superusers on all."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from labeling.models import Study
from labeling.selectors.images import studies_of_researcher

# Filters that offer the studies of the rows that are listed, and so name nobody else's.
OWN_STUDIES = ("study", RelatedOnlyFieldListFilter)
OWN_REGIONS_STUDIES = ("region__study", RelatedOnlyFieldListFilter)


def is_researcher(user: AbstractUser | AnonymousUser) -> bool:
    return user.is_active and user.is_staff


class ScopedAdmin(ModelAdmin):
    """Rows that belong to a study, reached by the look-up `study_path`. Only superusers delete."""

    study_path: ClassVar[str] = "study"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{f"{self.study_path}__in": studies_of_researcher(request.user)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_researcher(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_researcher(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_researcher(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_researcher(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """What belongs to a row goes with it: whoever may delete the row needs no right to each part."""
        to_delete, counts, _, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.related_model is Study:
            kwargs["queryset"] = studies_of_researcher(request.user)
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that the product writes and people only look at, or, where `deletable`, delete."""

    deletable: ClassVar[bool] = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.deletable and super().has_delete_permission(request, obj)
