"""/esims/"""

from django.urls import path

from storefront.esim import views

app_name = "esim"
urlpatterns = [
    path("", views.esims, name="list"),
    path("of/<uuid:delivery_id>/", views.of, name="of"),
    path("<uuid:esim_id>/", views.detail, name="detail"),
    path("<uuid:esim_id>/card/", views.card, name="card"),
    path("<uuid:esim_id>/refresh/", views.refresh, name="refresh"),
]
