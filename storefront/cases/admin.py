"""The cases: what each is about, what people said of it, and a form to say more or to close it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminTextareaWidget

from storefront.cases import actions
from storefront.cases.models import Case, CaseNote
from storefront.core.admin import Helped, ReadOnly, ReadOnlyPart


class NoteForm(forms.Form):
    """What to write down."""

    text = forms.CharField(
        max_length=500,
        label="What you did or found",
        help_text="Colleagues read this. Never paste a code, a PIN or a card's number.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class NoteInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What people said."""

    model = CaseNote
    fields = ("at", "by", "text")


@admin.register(Case)
class CaseAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Cases are closed by what resolves them, or by a person who says why."""

    help = (
        (
            "All that ever needed a person, open and closed. The admin's first page has the "
            "open ones, with what to do about each."
        ),
    )

    list_display = ("summary", "kind", "subject", "opened_at", "closed_at")
    list_filter = ("kind", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("subject", "summary")
    ordering = ("-opened_at",)
    inlines = (NoteInline,)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    actions_detail = ("write",)

    def has_write_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        """Reading cases is not closing them."""
        return bool(request.user.has_perm("cases.change_case"))

    @action(description="Note or close", url_path="write", permissions=["write"])  # type: ignore[untyped-decorator]  # as above
    def write(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A note, which may close the case."""
        case = get_object_or_404(Case, pk=object_id)
        if not self.has_write_permission(request):
            raise PermissionDenied
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            _write(request, case, form.cleaned_data["text"])
            return redirect(reverse("admin:index"))
        context = self.admin_site.each_context(request) | {
            "title": "Note or close",
            "opts": self.opts,
            "case": case,
            "form": form,
        }
        return render(request, "cases/admin/write.html", context)


def _write(request: HttpRequest, case: Case, text: str) -> None:
    by = str(request.user)
    if "close" not in request.POST:
        actions.note(case=case, text=text, by=by, now=now())
        messages.success(request, "Noted.")
        return
    try:
        actions.settle(case=case, text=text, by=by, now=now())
    except actions.AlreadyClosed:
        messages.warning(request, "It was closed already: nothing was written.")
    else:
        messages.success(request, f"Closed: {case.summary}")
