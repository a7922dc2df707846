"""The carts of people with an account, so that they find them on every device."""

from django.conf import settings
from django.db import models


class SavedCart(models.Model):
    """One person's cart; `lines` are what `session` would keep of it: the prices are what was
    shown, and nothing here is charged."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    lines = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"cart of {self.user_id}"
