"""The message and what became of it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Upper

from storefront.core.vault import SealedRow

# Failed sends are tried again after these many seconds, then staff are told.
RETRY_AFTER = (30, 120, 600, 3600)


class Message(SealedRow):
    """One mail about one event; `kind` and `reference` make sending it twice impossible.

    A link inside opens an order and a code an account, so what is secret is sealed here, as one
    JSON object of names and texts, and opened only while the mail is made.
    """

    class Status(models.TextChoices):
        """Where the message stands."""

        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.SlugField(max_length=40)
    reference = models.CharField(max_length=80)
    to = models.EmailField()
    locale = models.CharField(max_length=8)
    context = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "reference"], name="one_mail_per_event"),
            models.CheckConstraint(
                condition=models.Q(status="sent", sent_at__isnull=False)
                | (~models.Q(status="sent") & models.Q(sent_at=None)),
                name="sent_mails_have_a_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="mails_to_send", condition=models.Q(status="queued")
            ),
            models.Index(fields=["created_at"], name="mails_by_age"),
            models.Index(Upper("to"), name="mails_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.reference}"

    @property
    def seal_context(self) -> str:
        """What the sealed secrets are bound to."""
        return f"mail.message|{self.pk}|secrets"
