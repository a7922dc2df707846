"""Who is calling: the client's address behind a counted chain of proxies."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the outermost trusted proxy saw; what the client itself claims is ignored.

    With TRUSTED_PROXIES = n, the n-th entry from the right of X-Forwarded-For; with 0, or when that
    is no address, the peer. Empty for a peer without one (a socket in the file system).
    """
    hops = settings.TRUSTED_PROXIES
    chain = [part for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    seen = _address(chain[-hops]) if hops and len(chain) >= hops else ""
    return seen or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    """An IP address in its one spelling, without the port or zone it may come with; or nothing."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""
