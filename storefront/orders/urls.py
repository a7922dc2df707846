"""/orders/"""

from django.urls import path

from storefront.orders import views

app_name = "orders"
urlpatterns = [
    path("<slug:number>/", views.detail, name="detail"),
    path("<slug:number>/open/<str:token>/", views.open_link, name="open"),
    path("<slug:number>/deliveries/<uuid:delivery_id>/reveal/", views.reveal, name="reveal"),
]
