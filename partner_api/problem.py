"""What an error answer says, in any of the shapes it may have, and redacted for logs and staff.

Error bodies are not documented. Understood are `{message, errors: {field: [..]}}`,
`{success: false, message}`, `{error: ".."}`, `{error: {code, message}}`, lists of such; HTML and
empty bodies say nothing but their title. Bodies may echo codes or ICCIDs, so whatever is kept for
people has everything masked that could be one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from partner_api.secret import MASK
from partner_api.strict_json import NotStrictJson, parse

_MAX_EXCERPT = 300
_MAX_TEXTS = 20

_TITLE = re.compile(rb"<title[^>]*>([^<]{1,300})", re.IGNORECASE)
# Six digits in a row, twelve characters with a digit among them, or blocks such as ABCD-EFGH.
_CODELIKE = re.compile(
    r"LPA:\S+|[0-9][0-9 -]{4,}[0-9]"
    r"|(?=[A-Za-z$:_-]*[0-9])[A-Za-z0-9$:_-]{12,}"
    r"|\b[A-Z0-9]{4,}(?:-[A-Z0-9]{4,})+\b"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal in the partner's words. `words` is lower case, for looking up; never shown."""

    is_json: bool
    excerpt: str
    words: str
    field_errors: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_problem(body: bytes) -> Problem:
    """Whatever the body tells; never raises."""
    try:
        document = parse(body)
    except NotStrictJson:
        title = _TITLE.search(body)
        text = title[1].decode("utf-8", "replace") if title else f"{len(body)} bytes, no JSON"
        return Problem(is_json=False, excerpt=redacted(text), words="")
    if not isinstance(document, dict):
        return Problem(is_json=False, excerpt="JSON, but no object", words="")
    errors = _field_errors(document.get("errors"))
    texts = list(_texts(document))[:_MAX_TEXTS]
    complaints = [text for name, said in errors.items() for text in (name, *said)]
    return Problem(
        is_json=True,
        excerpt=redacted(" | ".join([*texts, *complaints])),
        words=" ".join([*texts, *complaints]).lower(),
        field_errors={
            redacted(name): tuple(redacted(text) for text in said) for name, said in errors.items()
        },
    )


def redacted(text: str) -> str:
    """One short printable line in which nothing that could be a code is left."""
    line = "".join(char if char.isprintable() else " " for char in text)
    line = _CODELIKE.sub(MASK, " ".join(line.split()))
    return line if len(line) <= _MAX_EXCERPT else line[:_MAX_EXCERPT] + "…"


def _texts(document: dict[str, object]) -> Iterator[str]:
    """The words at the few places where a refusal speaks."""
    error = document.get("error")
    speakers = [document, error] if isinstance(error, dict) else [document]
    for speaker in speakers:
        for key in ("message", "code", "error", "type", "title", "detail"):
            value = speaker.get(key)
            if isinstance(value, str) and value.strip():
                yield value
    errors = document.get("errors")
    for entry in errors if isinstance(errors, list) else []:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            yield from _texts({**entry, "errors": None, "error": None})


def _field_errors(errors: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(errors, dict):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, said in list(errors.items())[:_MAX_TEXTS]:
        texts = said if isinstance(said, list) else [said]
        found[name] = tuple(text for text in texts[:_MAX_TEXTS] if isinstance(text, str))
    return found
