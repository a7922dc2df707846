"""/orders/"""

from django.urls import path

from storefront.orders import views

app_name = "orders"
urlpatterns = [
    path("find/", views.find, name="find"),
    path("<slug:number>/", views.detail, name="detail"),
    path("<slug:number>/open/<str:token>/", views.open_link, name="open"),
    path("<slug:number>/link/", views.send_link, name="send_link"),
    path("<slug:number>/deliveries/<uuid:delivery_id>/reveal/", views.reveal, name="reveal"),
]
