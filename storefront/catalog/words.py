"""Words as the search compares them: folded, as they sound in Latin letters, or typed on the other
keyboard. Pure.

What is folded here is folded by SQL in `models.columns.SearchDocument` just so.
"""

import re

# Letters with marks are their plain letters; an apostrophe is nothing at all.
MARKED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿğışžščćłё"
PLAIN = "aaaaaaceeeeiiiinoooooouuuuyygiszscclе"
APOSTROPHES = "'’ʼ`"
# What stands between words: whatever of ASCII is neither letter nor digit, and what print adds.
BETWEEN = r"[ -/:-@\[-`{-~" + "\xa0®™©–—―−…«»„“”‹›•·№€£¥₽×]+"
_FOLDED = str.maketrans(MARKED, PLAIN, APOSTROPHES)
_BETWEEN = re.compile(BETWEEN)

# One Latin letter for each Cyrillic one: enough for words that sound alike to look alike.
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыэюяьъ"
LATIN = "abvgdejziiklmnoprstufhccssyeua"
_SOUND = str.maketrans(CYRILLIC[: len(LATIN)], LATIN, CYRILLIC[len(LATIN) :])

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбю"
_OTHER_KEYS = str.maketrans(_QWERTY + _JCUKEN, _JCUKEN + _QWERTY)


def fold(text: str) -> str:
    """Lower case, without marks, one blank between words."""
    return _BETWEEN.sub(" ", text.lower().translate(_FOLDED)).strip()


def words_of(text: str) -> list[str]:
    """The folded words of a text: letters and digits alone."""
    found = ("".join(c for c in word if c.isalnum()) for word in fold(text).split())
    return [word for word in found if word]


def sound(word: str) -> str:
    """A folded word in Latin letters: "стим" is "stim"."""
    return word.translate(_SOUND)


def other_keys(word: str) -> str:
    """What the same keys are on the other keyboard: "ыеуфь" is "steam"."""
    return "".join(words_of(word.translate(_OTHER_KEYS)))
