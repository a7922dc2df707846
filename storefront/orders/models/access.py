"""How a guest reaches an order: a token of which only the hash is kept."""

import hashlib
import secrets
from typing import ClassVar

from django.db import models

from partner_api.secret import Secret
from storefront.orders.models.order import Order


class AccessLink(models.Model):
    """A link in a mail. Whoever holds its 256-bit token may see the order until it expires."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="access_links")
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="links_expire_later"
            ),
        ]

    def __str__(self) -> str:
        return f"link to {self.order_id}"


class LinkRequest(models.Model):
    """Somebody asked for the link to an order they name; gone once it is answered by mail or not.

    The row is the same whether there is such an order, and it is looked for later, so that neither
    the answer nor its time tells.
    """

    email = models.EmailField()
    number = models.CharField(max_length=20)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to {self.number}"


def new_token() -> Secret:
    """256 random bits, as text for a link."""
    return Secret(secrets.token_urlsafe(32))


def token_hash(token: Secret) -> bytes:
    """What is stored of a token. It is random, so a plain hash tells nothing."""
    return hashlib.sha256(token.reveal().encode()).digest()
