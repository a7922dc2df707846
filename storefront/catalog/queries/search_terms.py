"""What the words of a search may mean, as conditions on `Product.words`. Pure.

A search is a list of terms; a product that is found fulfils all of them. A term is one word, or a
few that mean one thing ("app store"), and is fulfilled by any of its alternatives: the words
themselves as beginnings, what they are another word for, a country, a category.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storefront.catalog.countries import codes_named
from storefront.catalog.queries.shelf import Shelf
from storefront.catalog.words import words_of

MOST_WORDS = 8
LONGEST_PHRASE = 3
# From so many letters on, a beginning names a category.
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Term:
    """`text` as it was written, folded; `phrases` and `codes` are its alternatives."""

    text: str
    phrases: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...] = ()
    # Whether more than its own letters speak for it.
    is_known: bool = False

    def matching(self, *, whole: bool = False, weights: str = "") -> str:
        """As a tsquery: by beginnings or `whole` words, found in texts of these weights."""
        mark = ("" if whole else "*") + weights
        suffix = f":{mark}" if mark else ""
        parts = [" & ".join(f"'{word}'{suffix}" for word in phrase) for phrase in self.phrases]
        if not weights:
            parts += [f"'{code}'" for code in self.codes]
        return "(" + " | ".join(f"({part})" for part in parts) + ")"


def read_terms(text: str, shelf: Shelf) -> tuple[Term, ...]:
    """The terms of what a stranger wrote; the longest phrases that mean something come first."""
    words = words_of(text)[:MOST_WORDS]
    found, at = [], 0
    while at < len(words):
        size = next(
            (n for n in range(LONGEST_PHRASE, 1, -1) if " ".join(words[at : at + n]) in shelf.also),
            1,
        )
        found.append(term(words[at : at + size], shelf))
        at += size
    return tuple(found)


def term(words: Sequence[str], shelf: Shelf) -> Term:
    """One term: words that belong together."""
    text = " ".join(words)
    others = shelf.also.get(text, ())
    codes = {f"={country.lower()}" for _means, country in others if country}
    if len(words) == 1:
        named = codes_named(words[0]).intersection(shelf.countries)
        codes |= {f"={code.lower()}" for code in named}
        codes |= {f"#{number}" for number in _categories_named(words[0], shelf)}
    phrases = [tuple(words), *(tuple(words_of(means)) for means, _country in others if means)]
    return Term(
        text=text,
        phrases=tuple(dict.fromkeys(phrases)),
        codes=tuple(sorted(codes)),
        is_known=bool(others or codes),
    )


def meant_by(words: Iterable[str], shelf: Shelf) -> Term:
    """The term of one of these words, each of which may have been meant."""
    terms = [term([word], shelf) for word in words]
    return Term(
        text=terms[0].text,
        phrases=tuple(dict.fromkeys(phrase for one in terms for phrase in one.phrases)),
        codes=tuple(sorted({code for one in terms for code in one.codes})),
        is_known=True,
    )


def _categories_named(word: str, shelf: Shelf) -> set[int]:
    if len(word) < SHORTEST_NAME:
        return set()
    return {
        below
        for parts, category_and_below in shelf.named_categories
        if any(part.startswith(word) for part in parts)
        for below in category_and_below
    }
