"""Names of countries, in the reader's language, from the Unicode project's data. Pure."""

from functools import cache, lru_cache

from babel import Locale

from storefront.catalog.words import fold, words_of

# Not countries, though they have two letters.
_OTHERS = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
LANGUAGES = ("en", "ru")


@cache
def codes() -> frozenset[str]:
    """The two-letter codes of the countries that have a name in every language of the shop."""
    named = set.intersection(*(set(_names(language)) for language in LANGUAGES))
    return frozenset(code for code in named if len(code) == 2 and code.isalpha()) - _OTHERS


def country_name(code: str, language: str) -> str:
    """`AE`, `ru`: "ОАЭ". Empty for no country."""
    return str(_names(language[:2]).get(code, "")) if code else ""


@lru_cache(maxsize=1024)  # words come from strangers
def codes_named(word: str) -> frozenset[str]:
    """The countries a word of a search may mean: a code, or a beginning of a part of a name."""
    wanted = fold(word)
    found = {code for code in codes() if code.lower() == wanted}
    if len(wanted) >= 3:
        found |= {code for part, code in _parts() if part.startswith(wanted)}
    return frozenset(found)


@cache
def _parts() -> tuple[tuple[str, str], ...]:
    """The folded words of the countries' names in every language, and whose they are."""
    return tuple(
        (part, code)
        for language in LANGUAGES
        for code in codes()
        for part in words_of(_names(language)[code])
    )


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale(language if language in LANGUAGES else "en").territories)
