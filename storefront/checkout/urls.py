"""/checkout/ and /pay/"""

from django.urls import path

from storefront.checkout import views

app_name = "checkout"
urlpatterns = [
    path("checkout/", views.checkout, name="checkout"),
    path("checkout/<slug:number>/", views.pay_again, name="pay_again"),
    path("esims/<uuid:esim_id>/top-up/", views.top_up, name="top_up"),
    path("pay/<uuid:payment_id>/", views.pay, name="pay"),
    path("pay/<uuid:payment_id>/return/", views.returned, name="returned"),
]
