"""What customers call things, before staff: the search's synonyms."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm, ValidationError
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin

from storefront.catalog import actions
from storefront.catalog.countries import codes
from storefront.catalog.models import SearchSynonym
from storefront.catalog.words import words_of
from storefront.core.admin import Helped


class SynonymForm(ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Words are kept as the search compares them."""

    class Meta:
        model = SearchSynonym
        fields = ("word", "means", "country")

    def clean_word(self) -> str:
        """Folded; one to three words."""
        words = words_of(self.cleaned_data["word"])
        if not 1 <= len(words) <= 3:
            raise ValidationError("Write one to three words.")
        return " ".join(words)

    def clean_means(self) -> str:
        """Folded."""
        return " ".join(words_of(self.cleaned_data["means"]))

    def clean_country(self) -> str:
        """A code we know, in capitals."""
        code = str(self.cleaned_data["country"]).upper()
        if code and code not in codes():
            raise ValidationError("Write the two letters of a country, such as AE.")
        return code

    def clean(self) -> dict[str, Any]:
        """It must mean something."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["means"] or cleaned["country"]):
            raise ValidationError("Write the words it means, or a country.")
        return cleaned


@admin.register(SearchSynonym)
class SearchSynonymAdmin(Helped, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The pages know a change at once."""

    help = (
        (
            "Words people type for what is called otherwise: “psn” for PlayStation, “uae” for "
            "the Emirates. They count a moment after saving."
        ),
    )

    form = SynonymForm
    list_display = ("word", "means", "country")
    search_fields = ("word", "means", "country")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved, and known to the search."""
        super().save_model(request, obj, form, change)
        actions.renew_search(by=str(request.user), now=now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Deleted, and forgotten by the search."""
        super().delete_model(request, obj)
        actions.renew_search(by=str(request.user), now=now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SearchSynonym]) -> None:
        """The same for several."""
        super().delete_queryset(request, queryset)
        actions.renew_search(by=str(request.user), now=now())
