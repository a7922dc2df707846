"""The one normaliser of delivered goods.

Orders say `pin`, `expiration`, `serialNumber`; webhooks `serial_number`, `expiration_date`; top-ups
`iccid`, `status`, `message`; how eSIMs are delivered is not documented at all. All of it comes out
under one set of names, and whatever has no name here is kept as label and secret: bought goods must
never be lost because a key was spelled in a new way.
"""

from partner_api.models import Delivery
from partner_api.reading.row import is_empty, shown, storable
from partner_api.secret import Secret

# Keys are compared without case, "_" and "-".
_NAMES = {
    "pin": "pin",
    "serial": "serial",
    "serialnumber": "serial",
    "expiry": "expiry",
    "expiration": "expiry",
    "expirationdate": "expiry",
    "expirydate": "expiry",
    "expiresat": "expiry",
    "iccid": "iccid",
    "lpa": "lpa",
    "qrcode": "lpa",
    "activationcode": "activation_code",
    "matchingid": "activation_code",
    "smdp": "smdp_address",
    "smdpaddress": "smdp_address",
    "smdpplusaddress": "smdp_address",
    "status": "status",
    "message": "message",
}
_PLAIN = frozenset({"expiry", "status", "message"})


def read_deliveries(value: object, where: str) -> tuple[Delivery, ...]:
    """All delivered units of an item: a list of objects, but a single object or text counts too."""
    if is_empty(value):
        return ()
    units = value if isinstance(value, list) else [value]
    return tuple(read_delivery(unit, where) for unit in units if not is_empty(unit))


def read_delivery(unit: object, where: str) -> Delivery:
    """One delivered unit. NotReadable only for texts that can't be stored."""
    if not isinstance(unit, dict):
        return Delivery(extra=(("delivery", Secret(shown(unit, where))),))
    found: dict[str, str] = {}
    extra: list[tuple[str, Secret]] = []
    for key, value in unit.items():
        if is_empty(value):
            continue
        text = shown(value, where)
        name = _name(key, value, text)
        if name is None or found.setdefault(name, text) != text:
            extra.append((storable(key, where), Secret(text)))
    found |= _esim_parts(found)
    plain = {name: text for name, text in found.items() if name in _PLAIN}
    secret = {name: Secret(text) for name, text in found.items() if name not in _PLAIN}
    return Delivery(
        pin=secret.get("pin"),
        serial=secret.get("serial"),
        iccid=secret.get("iccid"),
        lpa=secret.get("lpa"),
        smdp_address=secret.get("smdp_address"),
        activation_code=secret.get("activation_code"),
        expiry=plain.get("expiry"),
        status=plain.get("status"),
        message=plain.get("message"),
        extra=tuple(extra),
    )


def is_install_key(key: str) -> bool:
    """Whether a key names a part of what installs an eSIM."""
    return _NAMES.get(_folded(key)) in {"lpa", "smdp_address", "activation_code"}


def _folded(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _name(key: str, value: object, text: str) -> str | None:
    """Our name for a key, or None when the value is not what the name promises."""
    name = _NAMES.get(_folded(key))
    if name is None or isinstance(value, dict | list | bool):
        return None
    if name in {"lpa", "activation_code"} and text.upper().startswith("LPA:"):
        return "lpa"
    # A QR code may also be sent as a picture or its address: no LPA, but still worth keeping.
    return None if name == "lpa" else name


def _esim_parts(found: dict[str, str]) -> dict[str, str]:
    """Complete an eSIM's three parts from each other: LPA:1$<SM-DP+ address>$<activation code>."""
    if "lpa" in found:
        parts = found["lpa"].split("$")
        if len(parts) < len(("LPA:1", "address", "code")):
            return {}
        inferred = {"smdp_address": parts[1], "activation_code": parts[2]}
        return {name: text for name, text in inferred.items() if text and name not in found}
    if "smdp_address" in found and "activation_code" in found:
        return {"lpa": f"LPA:1${found['smdp_address']}${found['activation_code']}"}
    return {}
