"""What a search finds: which goods, which of them first, and what was meant by a mistyped word."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Expression, F, IntegerField, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from storefront.catalog.queries.search_terms import Term, meant_by, read_terms
from storefront.catalog.queries.shelf import Shelf
from storefront.catalog.words import other_keys, sound

# A word shorter than this is too little to guess from.
SHORTEST_GUESS = 3
# Above every popularity: a better match comes first however few people buy it.
STEP = 10**11
# What whole words are worth.
WHOLE = 4 * STEP


@dataclass(frozen=True)
class Search:
    """What somebody looks for. `corrected` is what we took it for where that is something else.

    `is_common` of words that very many products have and that begin no brand: of what is found,
    the products that have the whole words are the best, the most popular of them first.
    """

    terms: tuple[Term, ...]
    corrected: str = ""
    is_common: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self) -> Q:
        """The goods that fulfil all terms."""
        return Q(_found_by(" & ".join(term.matching() for term in self.terms)))

    def matches_whole(self) -> Q:
        """The goods that have all words as they were written."""
        return Q(_found_by(self._whole()))

    def matches_any(self) -> Q:
        """The goods that fulfil at least one."""
        return Q(_found_by(" | ".join(term.matching() for term in self.terms)))

    def rank(self) -> Expression:
        """The better the match the greater, and among equals what more people look for: whole
        words, then a brand's whole word, then the beginning of a brand's."""
        brand = " | ".join(term.matching(whole=True, weights="A") for term in self.terms)
        begun = " | ".join(term.matching(weights="A") for term in self.terms)
        return RawSQL(_RANK, [self._whole(), begun, brand], output_field=BigIntegerField())  # noqa: S611  our own words

    def _whole(self) -> str:
        return " & ".join(term.matching(whole=True) for term in self.terms)

    def fulfilled(self) -> Expression:
        """How many of the terms a product fulfils, above its popularity."""
        points = (_points(STEP, term.matching()) for term in self.terms)
        return sum(points, start=F("popularity") + Value(0))


def read_search(text: str, shelf: Shelf) -> Search:
    """The search as it is meant; one query at most."""
    terms = read_terms(text, shelf)
    if terms and all(_is_common(term, shelf) for term in terms):
        return Search(terms, is_common=True)
    unsure = [term.text for term in terms if not term.is_known and " " not in term.text]
    if not unsure:
        return Search(terms)
    meant = _meant(tuple(unsure))
    read = tuple(meant_by(meant[term.text], shelf) if term.text in meant else term
                 for term in terms)  # fmt: skip
    return Search(read, corrected=" ".join(term.text for term in read) if meant else "")


# Most that is found has no such brand: it is asked for a whole one only where one begins so.
_RANK = f"""
    catalog_product.popularity + {WHOLE} * (catalog_product.words @@ %s::tsquery)::int
        + {STEP} * CASE WHEN catalog_product.words @@ %s::tsquery
            THEN 1 + 2 * (catalog_product.words @@ %s::tsquery)::int ELSE 0 END
"""


def _is_common(term: Term, shelf: Shelf) -> bool:
    is_plain = not term.is_known and term.text in shelf.common
    return is_plain and not shelf.begins_a_brand(term.text)


def _found_by(query: str) -> Expression:
    return RawSQL("catalog_product.words @@ %s::tsquery", [query], output_field=BooleanField())


def _points(worth: int, query: str) -> Expression:
    return Cast(Cast(_found_by(query), IntegerField()), BigIntegerField()) * Value(worth)


# A word that begins none of ours: is it one of ours on the other keyboard, or does it sound alike?
_MEANT = """
    SELECT asked.word, CASE WHEN EXISTS (
            SELECT FROM catalog_searchword
            WHERE word ~>=~ asked.swapped AND word ~<~ (asked.swapped || chr(1114111))
        ) THEN ARRAY[asked.swapped] ELSE (
            SELECT array_agg(word ORDER BY near DESC, word) FROM (
                SELECT word, near, max(near) OVER () AS nearest FROM (
                    SELECT word, similarity(sound, asked.sound) AS near
                    FROM catalog_searchword WHERE sound %% asked.sound
                ) AS alike
            ) AS alike WHERE near >= nearest * 0.9
        ) END
    FROM unnest(%(words)s::text[], %(swapped)s::text[], %(sounds)s::text[])
        AS asked (word, swapped, sound)
    WHERE NOT EXISTS (
        SELECT FROM catalog_searchword
        WHERE word ~>=~ asked.word AND word ~<~ (asked.word || chr(1114111))
    )
"""


def _meant(words: tuple[str, ...]) -> dict[str, list[str]]:
    """For each word that begins none of ours, those it may be meant for, the likeliest first."""
    guessed = [word for word in words if len(word) >= SHORTEST_GUESS]
    if not guessed:
        return {}
    keys = {word: other_keys(word) for word in guessed}
    with connection.cursor() as cursor:
        cursor.execute(
            _MEANT,
            {
                "words": guessed,
                "swapped": [w if len(keys[w]) < SHORTEST_GUESS else keys[w] for w in guessed],
                "sounds": [sound(word) for word in guessed],
            },
        )
        return {word: meant for word, meant in cursor.fetchall() if meant}
