"""What the shop's pages may load and where they may send: themselves, and pictures of goods.

It must not know any setting; `storefront.settings` calls it.
"""

from collections.abc import Iterable

from csp.constants import NONE, SELF

# It has its own styles.
ADMIN = "/admin/"


def content_policy(image_hosts: Iterable[str]) -> dict[str, object]:
    """The content security policy with these hosts for pictures."""
    return {
        "EXCLUDE_URL_PREFIXES": [ADMIN],
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, *(f"https://{host}" for host in image_hosts)],
            "connect-src": [SELF],
            "form-action": [SELF],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
            "manifest-src": [SELF],
        },
    }
