"""The shop's interface in Russian: `make messages` brings the catalogue up to date.

It reads every marked string of the code and the templates, keeps the translations there are,
drops what is no longer said, and compiles the rest. A string that changed waits for a new
translation: nothing is guessed from its likeness to another. Only locked packages are needed.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
SAYING = ("storefront/**/*.py", "templates/**/*.html", "templates/**/*.txt")

# What Django calls its functions, besides gettext's own names.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Timeless(Catalog):
    """A Russian catalogue whose header names no day: the same words are the same file."""

    def __init__(self) -> None:
        super().__init__("ru", header_comment="# What the shop says, in Russian.", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What readers need to know, and no more."""
        return [
            ("Language", "ru"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def main() -> None:
    """Bring both files up to date and name what still has no Russian."""
    catalog = updated(kept())
    PO.write_bytes(as_po(catalog))
    MO.write_bytes(as_mo(catalog))
    missing = untranslated(catalog)
    print(f"{len(catalog)} messages, {len(missing)} without Russian", *missing, sep="\n  ")


def updated(known: Catalog) -> Catalog:
    """The strings of today with the translations of `known`; new ones have none."""
    catalog = Timeless()
    for file in sorted(file for pattern in SAYING for file in ROOT.glob(pattern)):
        name = file.relative_to(ROOT).as_posix()
        for _, words, comments, context in extract(
            "python", BytesIO(_code(file).encode()), KEYWORDS, ["Translators:"]
        ):
            catalog.add(words, locations=[(name, 0)], auto_comments=comments, context=context)
    for message in catalog:
        before = known.get(message.id, message.context) if message.id else None
        if before and before.pluralizable == message.pluralizable:
            message.string, message.user_comments = before.string, before.user_comments
    return catalog


def kept() -> Catalog:
    """The catalogue as its file holds it."""
    with PO.open("rb") as file:
        return read_po(file, "ru")


def as_po(catalog: Catalog) -> bytes:
    """The catalogue for people."""
    file = BytesIO()
    write_po(file, catalog, width=100, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue for Django."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The strings that still come out in English."""
    return [str(message.id) for message in catalog if message.id and not all(forms(message))]


def forms(message: Message) -> list[str]:
    """The translation: one form, or as many as the language has plurals."""
    string = message.string
    return [string] if isinstance(string, str) else [str(form or "") for form in string or [""]]


def _code(file: Path) -> str:
    """Python to read marked strings from; a template becomes Python that holds nothing else."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    # Its indentation means nothing to Python.
    return "\n".join(line.strip() for line in templatize(text, origin=str(file)).splitlines())


if __name__ == "__main__":
    main()
