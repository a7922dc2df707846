"""What pages may load, where they may send, and which of a device's abilities they may ask for.

The shop's pages: themselves, and pictures of goods; no inline code, so nothing needs a nonce.
It must not know any setting; `storefront.settings` calls it.
"""

from collections.abc import Iterable

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

ADMIN = "/admin/"
# The admin's pages are not ours: they come with inline styles and a library that evaluates what
# stands in attributes. They load from here alone and send here alone all the same.
ADMIN_POLICY: dict[str, object] = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "font-src": [SELF],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

# Nothing of a device; passkeys and copying a code are the page's own by default.
PERMISSIONS = ", ".join(
    f"{ability}=()"
    for ability in (
        "accelerometer", "bluetooth", "browsing-topics", "camera", "display-capture",
        "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
        "serial", "usb",
    )
)  # fmt: skip


def content_policy(image_hosts: Iterable[str]) -> dict[str, object]:
    """The content security policy with these hosts for pictures."""
    return {
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
