"""What the models of the catalog share: texts in two languages, and JSON without binary floats."""

import json
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Expression, F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from storefront.core.money import MoneyColumn

# Above every price: what has none sorts behind what has one.
NO_PRICE = Decimal(9_999_999_999)


class ExactDecoder(json.JSONDecoder):
    """Numbers of a partner may be amounts: they come back from JSON columns as exact Decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"parse_float": Decimal} | options)


def json_column(empty: Any = dict, *, null: bool = False) -> "models.JSONField[Any, Any]":
    """A JSON column whose numbers stay exact."""
    return models.JSONField(
        default=empty, null=null, blank=True, encoder=DjangoJSONEncoder, decoder=ExactDecoder
    )


def in_reader_language(english: str, russian: str) -> str:
    """The text of the active language, or the other one where that is missing."""
    return in_language(get_language() or "", english, russian)


def in_language(language: str, english: str, russian: str) -> str:
    """The same for a language that is told."""
    return russian or english if language.startswith("ru") else english or russian


def name_in(language: str) -> Expression:
    """The same choice in SQL, for sorting; what is indexed is exactly this expression."""
    first, second = ("name_ru", "name_en") if language == "ru" else ("name_en", "name_ru")
    return Coalesce(NullIf(F(first), Value("")), F(second))


def price_or_last(*, descending: bool = False) -> Expression:
    """The price a product starts at, for sorting: one without sorts last, whichever way.

    What is indexed is exactly these two expressions.
    """
    last = Decimal(0) if descending else NO_PRICE
    return Coalesce(F("from_price"), Value(last, output_field=MoneyColumn()))
