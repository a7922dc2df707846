"""Which of the partner's pictures may be shown: those on https hosts the owner has named.

The browser fetches them, and the content policy lets it ask these hosts alone; our server never
does. Everything else gets our own drawn card. Pure, but for the setting.
"""

import re

from django.conf import settings

# One spelling of an address, so that we and the browser never read it differently: no port, no
# name before the host, no backslash, nothing that would end an attribute.
_ADDRESS = re.compile(r"https://(?P<host>[a-z0-9.-]+)/[\w.~!$&()*+,;=:@%/?-]*", re.ASCII)


def shown(address: str) -> str:
    """The address if a page may show it, or ""."""
    found = _ADDRESS.fullmatch(address)
    return address if found and found["host"] in settings.IMAGE_HOSTS else ""
