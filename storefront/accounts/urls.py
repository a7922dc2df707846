"""/admin/login/ and /admin/second-factor/: the way in for staff. The names are allauth's."""

from allauth.account.views import confirm_login_code, logout, reauthenticate
from django.urls import include, path

from storefront.accounts.views import AddKey, SetUpApp, StaffSignIn

urlpatterns = [
    path("login/", StaffSignIn.as_view(), name="account_login"),
    path("second-factor/code/", confirm_login_code, name="account_confirm_login_code"),
    path("second-factor/password/", reauthenticate, name="account_reauthenticate"),
    path("second-factor/cancel/", logout, name="account_logout"),
    path("second-factor/totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/webauthn/add/", AddKey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/", include("allauth.mfa.urls")),
]
