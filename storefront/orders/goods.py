"""What one delivered unit holds, while it is in memory; and the one document it is sealed as."""

import json
from dataclasses import dataclass
from unicodedata import normalize

from partner_api.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A code and what came with it. Every value is a secret, so no repr or log shows it."""

    code: Secret | None = None
    serial: Secret | None = None
    expiry: Secret | None = None
    # What the partner sent under other names, as label and value: shown, never dropped.
    extra: tuple[tuple[str, Secret], ...] = ()

    @property
    def identity(self) -> Secret | None:
        """The code without what people and partners write differently: case, spaces, hyphens."""
        if self.code is None:
            return None
        text = normalize("NFKC", self.code.reveal()).casefold()
        return Secret("".join(filter(str.isalnum, text)) or text)

    def sealed_form(self) -> Secret:
        """One JSON document for the vault."""
        values = {
            name: value.reveal()
            for name in ("code", "serial", "expiry")
            if (value := getattr(self, name)) is not None
        }
        extra = [[label, value.reveal()] for label, value in self.extra]
        return Secret(json.dumps({**values, "extra": extra}))

    @classmethod
    def from_sealed_form(cls, document: Secret) -> "Goods":
        """The goods again."""
        values = json.loads(document.reveal())
        extra = tuple((label, Secret(value)) for label, value in values.pop("extra"))
        return cls(extra=extra, **{name: Secret(value) for name, value in values.items()})
