"""/cart/"""

from django.urls import path

from storefront.cart import views

app_name = "cart"
urlpatterns = [
    path("", views.show, name="detail"),
    path("add/", views.add, name="add"),
    path("prices/", views.accept_prices, name="accept_prices"),
    path("<uuid:line_id>/", views.update, name="update"),
    path("<uuid:line_id>/remove/", views.remove, name="remove"),
]
