"""Categories and products, as the partner describes them, plus what follows from their SKUs.

The partner's ids are ours. Nothing is deleted: what the partner no longer lists is hidden.
"""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from storefront.catalog.models.columns import (
    in_reader_language,
    json_column,
    name_in,
    price_or_last,
)
from storefront.catalog.models.document import SearchDocument
from storefront.core.money import MoneyColumn


class Category(models.Model):
    """A shelf; shown when something visible stands on it or below it."""

    id = models.BigIntegerField(primary_key=True)
    name_en = models.CharField(max_length=400, blank=True)
    name_ru = models.CharField(max_length=400, blank=True)
    # Made from the first name and never changed: addresses outlive renamings.
    slug = models.SlugField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # What its goods may carry: the partner's [{code, name, type, target}], by language.
    attributes = json_column()

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_en, self.name_ru)


# Large columns no card needs.
NOT_ON_CARDS = (
    "description_en", "description_ru", "description_raw", "attributes", "fields", "offered",
    "words",
)  # fmt: skip


class Product(models.Model):
    """One page of the shop. `type` is the partner's word as it came, known to us or not."""

    class Type(models.TextChoices):
        """The types we know how to show; goods of any other type are kept but not shown."""

        VOUCHER = "voucher", _("Gift card")
        OPEN_RANGE = "voucher_open_range", _("Gift card for any amount")
        RECHARGE_FIXED = "recharge_fixed", _("Top-up")
        RECHARGE = "recharge", _("Top-up for any amount")
        ESIM = "esim", _("eSIM")
        OTHER = "other", _("Other")

    class Recipient(models.TextChoices):
        """Whether the partner must be told whom the goods are for (a phone, an account)."""

        NONE = "none"
        ASKED = "asked"
        # The partner's description of what to ask could not be read: not sold until staff say.
        UNREADABLE = "unreadable"

    class Hold(models.TextChoices):
        """Why staff must look before it is sold."""

        NO = "", "Not held"
        KIND = "kind", "The partner changed its type"

    # What goes to somebody's number or account.
    RECHARGES = (Type.RECHARGE, Type.RECHARGE_FIXED)

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    type = models.CharField(max_length=40)
    denomination_type = models.CharField(max_length=40)
    name_en = models.CharField(max_length=400, blank=True)
    name_ru = models.CharField(max_length=400, blank=True)
    # Sanitised on the way in; what the partner sent is kept beside it, by language.
    description_en = models.TextField(blank=True)
    description_ru = models.TextField(blank=True)
    description_raw = json_column()
    # The partner's word for where a picture is. Never fetched by us.
    image = models.CharField(max_length=2000, blank=True)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    country = models.CharField(max_length=2, blank=True)
    brand = models.CharField(max_length=120, blank=True)
    attributes = json_column()
    # What an order must carry, raw, by language; `recipient` says what we made of it.
    fields = json_column()
    recipient = models.CharField(max_length=10, choices=Recipient, default=Recipient.NONE)
    # Staff's word on the same, which goes before the partner's; no sync writes it. None: none.
    own_fields: "models.JSONField[Any, Any]" = json_column(empty=None, null=True)
    # While held, `offered` is what the partner says now: {type, denomination_type}.
    hold_reason = models.CharField(max_length=20, choices=Hold, default=Hold.NO, blank=True)
    offered: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    # Hidden once two complete runs in a row did not list it; comes back as the same row.
    is_hidden = models.BooleanField(default=False)
    missing_runs = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # What follows from its SKUs, written by one statement after every change of them.
    is_available = models.BooleanField(default=False)
    from_price = MoneyColumn(null=True, blank=True)
    from_currency = models.CharField(max_length=3, blank=True)
    face_min = MoneyColumn(null=True, blank=True)
    face_max = MoneyColumn(null=True, blank=True)
    face_currency = models.CharField(max_length=3, blank=True)
    # Its place where people look for what others buy: the greater, the earlier. See `sync.derived`.
    popularity = models.BigIntegerField(db_default=0)
    words = models.GeneratedField(
        expression=SearchDocument(), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(from_price=None, from_currency="")
                | (Q(from_price__isnull=False, from_price__gt=0) & ~Q(from_currency="")),
                name="from_price_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(face_min=None, face_max=None, face_currency="")
                | (
                    Q(face_min__isnull=False, face_max__isnull=False, face_min__gt=0)
                    & Q(face_max__gte=models.F("face_min"))
                    & ~Q(face_currency="")
                ),
                name="face_range_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(own_fields__isnull=True) | Q(own_fields__has_keys=["en", "ru"]),
                name="own_fields_are_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(hold_reason="", offered__isnull=True)
                | (~Q(hold_reason="") & Q(offered__isnull=False)),
                name="held_products_name_the_offer",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name_in("en"), "id", name="shelf_by_english_name"),
            models.Index(name_in("ru"), "id", name="shelf_by_russian_name"),
            models.Index(price_or_last(), "id", name="shelf_by_price"),
            models.Index(price_or_last(descending=True), "id", name="shelf_by_price_down"),
            models.Index(fields=["first_seen_at", "id"], name="shelf_by_age"),
            models.Index(fields=["popularity", "id"], name="shelf_by_popularity"),
            models.Index(fields=["country", "popularity", "id"], name="shelf_by_country"),
            GinIndex(fields=["words"], name="shelf_by_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page, in the reader's language."""
        return reverse("catalog:product", args=[self.slug])

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_en, self.name_ru)

    @property
    def description_html(self) -> str:
        """The sanitised description in the reader's language."""
        return in_reader_language(self.description_en, self.description_ru)

    @property
    def is_visible(self) -> bool:
        """Whether customers may see it."""
        return not self.is_hidden and self.type in Product.Type.values

    @property
    def asks_for_recipient(self) -> bool:
        """Whether an order of it says whom it is for; a recharge always does."""
        if self.own_fields is None:
            return self.type in self.RECHARGES or self.recipient != Product.Recipient.NONE
        return self.type in self.RECHARGES or self._has_own_fields

    @property
    def knows_recipient(self) -> bool:
        """Whether we know what to ask: see `queries.fields_of`."""
        if self.own_fields is None:
            return self.recipient == Product.Recipient.ASKED
        return self._has_own_fields

    @property
    def _has_own_fields(self) -> bool:
        return any(self.own_fields.values())
