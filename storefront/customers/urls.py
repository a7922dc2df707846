"""/account/"""

from django.urls import path

from storefront.customers.views import passkeys, signing_in

app_name = "customers"
urlpatterns = [
    path("", signing_in.account, name="account"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("code/", signing_in.enter_code, name="code"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("sign-in/passkey/question/", passkeys.question, name="passkey_question"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey_sign_in"),
    path("passkeys/question/", passkeys.question_for_new, name="passkey_question_for_new"),
    path("passkeys/add/", passkeys.add, name="passkey_add"),
    path("passkeys/<int:pk>/remove/", passkeys.remove, name="passkey_remove"),
]
