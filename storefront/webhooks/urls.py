"""/webhooks/, with and without the last slash: a redirect would lose the body."""

from django.urls import re_path

from storefront.webhooks import views

app_name = "webhooks"
urlpatterns = [
    re_path(r"^partner/?$", views.partner, name="partner"),
    re_path(r"^stripe/?$", views.stripe, name="stripe"),
]
