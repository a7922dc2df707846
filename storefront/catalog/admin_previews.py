"""An admin whose changes move prices: nothing is written before staff have seen what it would do.

 1. A form that is right is answered with what would become of prices, as a page to confirm;
 2. what is confirmed says what was seen: when something else would happen by now, that is shown.

All of it by plain forms.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from unfold.admin import ModelAdmin

from storefront.catalog import actions
from storefront.catalog.queries.changes import PriceChange

HEADERS = ("Product", "SKU", "Cost", "Price now", "Price then", "Margin now", "Margin then")
SEEN = "_seen"


class PreviewedAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """`save` and `delete` of a subclass are the actions that write a row; they return how many
    prices changed."""

    actions = None

    def save(self, row: Any, *, by: str) -> int:
        """Write it."""
        raise NotImplementedError

    def delete(self, row: Any, *, by: str) -> int:
        """Remove it."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; once it is right, what it would do; once that is confirmed, done."""
        if request.method == "POST":
            form = self._valid_form(request, object_id)
            if form is not None and (page := self._unseen(request, form.instance.save, form)):
                return page
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  Django's
    ) -> HttpResponse:
        """What removing it would do; once that is confirmed, done."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        if page := self._unseen(request, row.delete, None, name=str(row)):
            return page
        row = self.get_object(request, unquote(object_id))
        self.log_deletions(request, type(row).objects.filter(pk=row.pk))
        self._tell(request, self.delete(row, by=str(request.user)))
        return HttpResponseRedirect(self._list())

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm,  # type: ignore[type-arg]  # noqa: ARG002  Django's, generic in stubs only
        change: bool,  # noqa: ARG002
    ) -> None:
        """By the action."""
        self._tell(request, self.save(obj, by=str(request.user)))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """By the action."""
        self._tell(request, self.delete(obj, by=str(request.user)))

    def _valid_form(self, request: HttpRequest, object_id: str | None) -> ModelForm | None:  # type: ignore[type-arg]  # as above
        row = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if not may or (object_id and row is None):
            return None
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        return form if form.is_valid() else None

    def _unseen(
        self,
        request: HttpRequest,
        change: Callable[[], object],
        form: ModelForm | None,  # type: ignore[type-arg]  # as above
        name: str = "",
    ) -> HttpResponse | None:
        """The page that shows it, unless it was seen as it is."""
        changes = actions.preview(change, now=now())
        seen = request.POST.get(SEEN, "")
        if seen == changes.digest:
            return None
        sent = [
            (key, value)
            for key, values in request.POST.lists()
            for value in values
            if key not in {SEEN, "csrfmiddlewaretoken"}
        ]
        context = self.admin_site.each_context(request) | {
            "title": f"What {'removing' if form is None else 'saving'} this would do",
            "row": name or str(form.instance if form else ""),
            "changes": changes,
            "has_moved": bool(seen),
            "sent": [*sent, (SEEN, changes.digest)],
            "is_removal": form is None,
            "table": {"headers": HEADERS, "rows": [_cells(each) for each in changes.examples]},
            "cancel": self._list(),
            "opts": self.opts,
        }
        return render(request, "catalog/admin/price_changes.html", context)

    def _tell(self, request: HttpRequest, repriced: int) -> None:
        messages.success(request, f"{repriced} prices changed.")

    def _list(self) -> str:
        model: type[Model] = self.model
        return reverse(f"admin:catalog_{model._meta.model_name}_changelist")  # noqa: SLF001  as Django's admin does


def _cells(change: PriceChange) -> list[str]:
    amounts = (change.cost, change.old_price, change.price)
    percents = (change.old_margin, change.margin)
    return [
        change.product,
        change.sku,
        *("none" if amount is None else f"{amount:f}" for amount in amounts),
        *("" if percent is None else f"{percent} %" for percent in percents),
    ]
