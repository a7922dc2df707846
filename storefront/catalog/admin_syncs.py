"""The sync page: how old prices are, what runs, what went wrong, each run's story, and buttons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from storefront.catalog import actions
from storefront.catalog.models import SyncRun
from storefront.catalog.queries.held import held
from storefront.catalog.queries.offers import FRESH_FOR
from storefront.catalog.queries.syncs import OLD_AFTER, sync_status
from storefront.core.admin import ReadOnly
from storefront.core.queue import enqueue

STATUS_COLOURS = {"running": "info", "published": "success", "held": "warning", "failed": "danger"}
# Who may accept what is held.
DECIDES = {"sku": "catalog.change_sku", "product": "catalog.change_product"}
# So many of what is held are shown; the lists of SKUs and products have all.
SHOWN = 50
KINDS = {"added": "Added", "changed": "Changed", "hidden": "No longer listed"}


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Each sync: when, how it went, what it changed, what it held, and why not."""

    list_before_template = "catalog/admin/sync_status.html"
    list_display = ("started_at", "kind", "status_label", "took", "by", "summary", "why")
    list_filter = ("status", "kind")
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("kind", "status_label", "by", "started_at", "took", "forced")}),
        ("What it did", {"fields": ("summary", "progress", "why", "what_changed", "what_is_held")}),
    )
    readonly_fields = ("status_label", "took", "summary", "why", "what_changed", "what_is_held")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """With the addresses the buttons post to."""
        start: Callable[..., HttpResponse] = require_POST(self.admin_site.admin_view(self.start))
        accept: Callable[..., HttpResponse] = require_POST(self.admin_site.admin_view(self.accept))
        return [
            path("start/", start, name="catalog_syncrun_start"),
            path("accept/", accept, name="catalog_syncrun_accept"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The runs below how things stand."""
        context = {
            "sync": sync_status(now=now()),
            "old_after": OLD_AFTER,
            "fresh_for": FRESH_FOR,
            "may_start": self._may_start(request),
            "held": held(SHOWN),
            "may_accept": {kind: request.user.has_perm(of) for kind, of in DECIDES.items()},
        }
        answer: HttpResponse = super().changelist_view(request, (extra_context or {}) | context)
        return answer

    def start(self, request: HttpRequest) -> HttpResponse:
        """Ask for a sync; the worker does it, this page shows how far it is."""
        if not self._may_start(request):
            raise PermissionDenied
        kind = SyncRun.Kind.LIGHT if request.POST.get("kind") == "light" else SyncRun.Kind.FULL
        reason = request.POST.get("reason", "").strip()[:300]
        if "force" in request.POST and not reason:
            self.message_user(request, "Forcing needs a reason.", messages.ERROR)
        else:
            enqueue("catalog.sync", by=str(request.user)[:120], kind=kind.value, force=reason)
            self.message_user(request, "The sync starts in a moment. Reload this page to see it.")
        return HttpResponseRedirect(reverse("admin:catalog_syncrun_changelist"))

    def accept(self, request: HttpRequest) -> HttpResponse:
        """Sell one held SKU or product as the partner offers it now."""
        kind = request.POST.get("kind", "")
        if kind not in DECIDES or not request.user.has_perm(DECIDES[kind]):
            raise PermissionDenied
        try:
            key = UUID(request.POST.get("id", ""))
        except ValueError:
            raise PermissionDenied from None
        by = str(request.user)
        count = (
            actions.accept_offers(skus=[key], by=by, now=now())
            if kind == "sku"
            else actions.accept_types(products=[key], by=by, now=now())
        )
        if count:
            self.message_user(request, "Accepted. It is sold as the partner offers it now.")
        else:
            self.message_user(
                request, "It stays held: its cost has no rate into our currency.", messages.WARNING
            )
        return HttpResponseRedirect(reverse("admin:catalog_syncrun_changelist"))

    def _may_start(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.change_syncrun"))

    @display(description="Status", label=STATUS_COLOURS)  # type: ignore[untyped-decorator]  # unfold's
    def status_label(self, run: SyncRun) -> str:
        """How it went, as a coloured word."""
        return run.status

    @admin.display(description="Took")
    def took(self, run: SyncRun) -> str:
        """Its seconds, once it has ended."""
        if run.finished_at is None:
            return ""
        return f"{(run.finished_at - run.started_at).total_seconds():.1f} s"

    @admin.display(description="Counts")
    def summary(self, run: SyncRun) -> str:
        """What it found and did, or how far it is."""
        counts = ", ".join(f"{count} {name}" for name, count in run.counts.items() if count)
        return counts or run.progress

    @admin.display(description="Why not")
    def why(self, run: SyncRun) -> str:
        """Why nothing was published, or why it was all the same."""
        return run.error or (f"Forced: {run.forced}" if run.forced else "")

    @admin.display(description="Changed rows, the first of each kind")
    def what_changed(self, run: SyncRun) -> SafeString | str:
        """Names of goods."""
        known = [(label, run.details.get(what)) for what, label in KINDS.items()]
        lines = [(label, ", ".join(names)) for label, names in known if names]
        return format_html_join("", "<p><b>{}:</b> {}</p>", lines) or "Nothing"

    @admin.display(description="Held for staff, as it left them")
    def what_is_held(self, run: SyncRun) -> SafeString | str:
        """Each with the reason, old and new, and the way to accept it."""
        held = run.details.get("held") or []
        lines = format_html_join(
            "",
            "<li><b>{}</b>: {}. Accepted: {}. Now: {}</li>",
            ((row["name"], row["reason"], row["old"], row["new"]) for row in held),
        )
        if not lines:
            return "Nothing"
        where = reverse("admin:catalog_sku_changelist")
        return format_html('<ul>{}</ul><p><a href="{}">Decide about SKUs</a></p>', lines, where)
