"""What a product asks of its buyer: staff's word, or else the partner's."""

from django.utils.translation import get_language

from storefront.catalog.models import Product
from storefront.catalog.queries.refusals import NotBuyable, Reason
from storefront.catalog.recipients import RecipientField, kept, typed


def fields_of(product: Product, *, language: str = "") -> tuple[RecipientField, ...]:
    """The fields to ask for each line of it, in order, in a language (the reader's unless told);
    empty for what goes to nobody in particular. No query.

    Raises NotBuyable where it is not known what to ask: the gate refuses such goods as well.
    """
    if not product.asks_for_recipient:
        return ()
    told = product.fields if product.own_fields is None else product.own_fields
    fields = kept(told, language or get_language() or "en")
    if not fields:
        raise NotBuyable(Reason.HELD)
    return tuple(typed(field, product.country) for field in fields)
