"""Staff accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from storefront.accounts import actions
from storefront.accounts.models import User

# Nobody makes or reads second factors by hand.
admin.site.unregister([Group, EmailAddress, Authenticator])


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Roles."""


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]  # unfold is untyped
    """People, known by their address."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2", "is_staff")}),)
    actions = ("forget_factors",)

    def has_owner_permission(self, request: HttpRequest) -> bool:
        """Who may take a second factor away may sign in as anybody they share a mailbox with."""
        return bool(request.user.is_superuser)

    @admin.action(description="Remove second factors (device lost)", permissions=["owner"])
    def forget_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They set up a new one when they next sign in, with a code from their mail."""
        for user in chosen:
            actions.forget_factors(user=user, by=str(request.user), now=now())
            self.log_change(request, user, "Second factors removed.")
        self.message_user(request, f"{len(chosen)} people set up a new factor when they sign in.")
