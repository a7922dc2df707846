"""The open cases, newest first."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from storefront.cases.models import Case
from storefront.core.admin import ReadOnly


@admin.register(Case)
class CaseAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Cases are closed by what resolves them."""

    list_display = ("summary", "kind", "subject", "opened_at", "closed_at")
    list_filter = ("kind", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("subject", "summary")
    ordering = ("-opened_at",)
