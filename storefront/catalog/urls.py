"""Addresses of the catalog; the shop's home page among them."""

from django.urls import path

from storefront.catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("products/", views.product_list, name="list"),
    path("esim-plans/", views.esim_plans, name="esim_plans"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("products/<slug:slug>/price/", views.show_price, name="price"),
]
