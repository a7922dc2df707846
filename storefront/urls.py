"""The table of contents of the shop."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from storefront.accounts.views import switch_language
from storefront.audit.metrics import metrics
from storefront.audit.views import ready, work
from storefront.catalog import engines
from storefront.core import brand, health
from storefront.mail.views import mailbox
from storefront.staff.views import show_system

handler500 = "storefront.core.errors.server_error"
urlpatterns = [
    # Nearly all visits are to the shelves: nothing else is looked through for them.
    *i18n_patterns(path("", include("storefront.catalog.urls")), prefix_default_language=False),
    # Above the admin's own, which would take a password alone.
    path("admin/", include("storefront.accounts.urls")),
    path("admin/system/", show_system, name="system"),
    path("admin/", admin.site.urls),
    path("webhooks/", include("storefront.webhooks.urls")),
    path("health/live", health.live),
    path("health/ready", ready),
    path("health/work", work),
    path("metrics", metrics),
    path("theme.css", brand.rules, name="theme"),
    path("logo", brand.logo, name="logo"),
    path("robots.txt", engines.robots),
    path("sitemap.xml", engines.sitemap_index),
    path("sitemap-pages.xml", engines.sitemap_pages),
    path("sitemap-products-<uuid:start>.xml", engines.sitemap_products),
    path("language/<slug:code>/", switch_language, name="language"),
    *i18n_patterns(
        path("demo/mail/", mailbox, name="mailbox"),
        path("cart/", include("storefront.cart.urls")),
        path("account/", include("storefront.customers.urls")),
        path("orders/", include("storefront.orders.urls")),
        path("finance/", include("storefront.finance.urls")),
        path("finance/", include("storefront.reconciliation.urls")),
        path("esims/", include("storefront.esim.urls")),
        path("", include("storefront.checkout.urls")),
        prefix_default_language=False,
    ),
]
