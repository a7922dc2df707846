"""What installs an eSIM, read from the goods it was delivered as; and the document it is sealed as.

Knows the labels under which `fulfillment` keeps what is not a code, and nothing of the partner.
"""

import json
import re
from dataclasses import dataclass

from partner_api.secret import Secret
from storefront.orders.goods import Goods

# How what is not a code is called among the goods.
LPA, SMDP, ACTIVATION, ICCID = "LPA", "SM-DP+", "Activation code", "ICCID"
_NAMES = {LPA: "lpa", SMDP: "smdp", ACTIVATION: "activation", ICCID: "iccid"}
# [0-9] and \Z: the number goes into a path and under a signature.
_NUMBER = re.compile(r"[0-9]{18,22}\Z")
# LPA:1$<host>$<code>, then at most an OID and the mark for a confirmation code (SGP.22, 4.1).
_ACTIVATION = re.compile(
    r"LPA:1\$[A-Za-z0-9][A-Za-z0-9.-]{0,252}\$[A-Za-z0-9-]{0,255}(?:\$[0-9.]{0,64}(?:\$1)?)?\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All of it is secret: whoever has it installs the eSIM."""

    iccid: Secret | None = None
    lpa: Secret | None = None
    smdp: Secret | None = None
    activation: Secret | None = None

    @classmethod
    def of(cls, goods: Goods, *, is_esim: bool) -> "Parts | None":
        """The parts among these goods; None when they are no eSIM.

        `is_esim`: it was bought as one. Otherwise only what names its parts counts, because a gift
        card's code may be as long as an ICCID.
        """
        found = {_NAMES[label]: value for label, value in goods.extra if label in _NAMES}
        code = goods.code
        if code is None:
            return None
        text = code.reveal()
        if text.upper().startswith("LPA:"):
            found["lpa"] = code
        elif not (is_esim or found):
            return None
        elif "iccid" not in found and _NUMBER.match(text):
            found["iccid"] = code
        else:
            found.setdefault("activation", code)
        return cls(**found)

    @property
    def number(self) -> Secret | None:
        """The ICCID, if it is one: what is not is never asked about, nor put into an address."""
        return self.iccid if self.iccid and _NUMBER.match(self.iccid.reveal()) else None

    @property
    def scannable(self) -> Secret | None:
        """The LPA string, if it is well formed: only then is it drawn or linked to."""
        return self.lpa if self.lpa and _ACTIVATION.match(self.lpa.reveal()) else None

    def completed(self, other: "Parts") -> "Parts":
        """These, and from the other what is missing here. What was delivered is never replaced."""
        return Parts(
            iccid=self.iccid or other.iccid,
            lpa=self.lpa or other.lpa,
            smdp=self.smdp or other.smdp,
            activation=self.activation or other.activation,
        )

    def sealed_form(self) -> Secret:
        """One JSON document for the vault."""
        values = {name: getattr(self, name) for name in _NAMES.values()}
        return Secret(json.dumps({name: value.reveal() for name, value in values.items() if value}))

    @classmethod
    def from_sealed_form(cls, document: Secret) -> "Parts":
        """The parts again."""
        return cls(**{name: Secret(text) for name, text in json.loads(document.reveal()).items()})
