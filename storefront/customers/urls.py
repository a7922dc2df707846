"""/account/"""

from django.urls import path

from storefront.customers import views

app_name = "customers"
urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("code/", views.enter_code, name="code"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
