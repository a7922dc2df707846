"""What a product is found by, kept by the database itself in a generated column."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

from storefront.catalog.words import APOSTROPHES, BETWEEN, MARKED, PLAIN


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _words(text: str, weight: str) -> str:
    """A tsvector of the folded words of a text; `words.fold` does the same in Python."""
    plain = f"translate(lower({text}), {_quoted(MARKED + APOSTROPHES)}, {_quoted(PLAIN)})"
    folded = f"regexp_replace({plain}, {_quoted(BETWEEN)}, ' ', 'g')"
    return f"setweight(to_tsvector('simple'::regconfig, {folded}), '{weight}')"


_KINDS = """CASE
    WHEN "type" LIKE 'voucher%%' THEN 'gift card voucher подарочная карта сертификат код'
    WHEN "type" LIKE 'recharge%%' THEN 'top up topup recharge refill пополнение пополнить'
    WHEN "type" = 'esim' THEN 'esim sim data internet roaming есим симкарта интернет роуминг'
    ELSE '' END"""
_CODES = (
    """'=' || nullif(lower("country"), '')""",
    """'#' || "category_id\"""",
)


class SearchDocument(Func):
    """Brand (A), names (B) and what it is (D); and its country and category as words that nobody
    can type, `=ae` and `#12`."""

    template = " || ".join(
        (
            _words('"brand"', "A"),
            _words("""("name_en" || ' ' || "name_ru")""", "B"),
            _words(_KINDS, "D"),
            f"array_to_tsvector(array_remove(ARRAY[{', '.join(_CODES)}], NULL))",
        )
    )
    output_field = SearchVectorField()
