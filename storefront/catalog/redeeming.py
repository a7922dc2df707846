"""How a code is redeemed, in steps of ours, for where neither staff nor partner say it. Pure.

It must not know rows: a brand and a type in, steps out.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Steps = tuple[str | Promise, ...]

_ENTER = _("Enter the code and confirm. The balance grows at once.")
_REGION = _("Sign in to the account. Its country must be the card's.")

BRANDS: dict[str, Steps] = {
    "apple": (
        _("Open the App Store and tap your picture in the corner."),
        _("Choose “Redeem Gift Card or Code”, then “Enter Code Manually”."),
        _ENTER,
    ),
    "google play": (
        _("Open Google Play and tap your picture in the corner."),
        _("Choose “Payments & subscriptions”, then “Redeem code”."),
        _ENTER,
    ),
    "steam": (
        _REGION,
        _("On Steam open “Account details”, then “Add funds” and “Redeem a gift card”."),
        _ENTER,
    ),
    "playstation": (
        _REGION,
        _("In PlayStation Store choose your avatar, then “Redeem Code”."),
        _("Enter the twelve characters of the code and confirm."),
    ),
    "xbox": (
        _("Open redeem.microsoft.com and sign in."),
        _("Enter the 25 characters of the code and confirm."),
    ),
    "nintendo": (
        _REGION,
        _("In Nintendo eShop choose “Enter Code”."),
        _ENTER,
    ),
    "amazon": (
        _("Open Amazon in the card's country and sign in."),
        _("Choose “Your Account”, then “Gift cards” and “Redeem a gift card”."),
        _ENTER,
    ),
    "netflix": (
        _("Open netflix.com/redeem."),
        _("Enter the code, then sign in or make an account."),
    ),
    "spotify": (
        _("Open spotify.com/redeem and sign in."),
        _("Enter the code and confirm. Premium starts at once."),
    ),
    "roblox": (
        _("Open roblox.com/redeem and sign in."),
        _ENTER,
    ),
}  # fmt: skip

_CODE: Steps = (
    _("Pay. The code is on your order page, and its link is in your mail."),
    _("Open the brand's site or app and look for “Redeem” or “Gift card”."),
    _("Enter the code there. Keep it until it has been accepted."),
)
_RECHARGE: Steps = (
    _("Give the number or account at checkout. Check it twice: it can't be changed later."),
    _("Pay. The amount goes there by itself; there is no code to enter."),
)
TYPES: dict[str, Steps] = {
    "esim": (
        _("Pay. The QR code is on your order page, and its link is in your mail."),
        _("On Wi-Fi, open the phone's settings, “Add eSIM”, and scan the QR code."),
        _("When you arrive, choose this line for data and switch on data roaming."),
    ),
    "recharge": _RECHARGE,
    "recharge_fixed": _RECHARGE,
}


def steps(brand: str, kind: str) -> list[str]:
    """The steps of the brand, or else of the kind of goods."""
    known = BRANDS.get(brand.casefold()) if kind not in TYPES else None
    return [str(step) for step in known or TYPES.get(kind, _CODE)]


def says_how(description: str) -> bool:
    """Whether a partner's description brings steps of its own: only those are numbered."""
    return "<ol" in description
