"""Who is calling: the client's address behind a counted chain of proxies."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the outermost trusted proxy saw; what the client itself claims is ignored.

    With TRUSTED_PROXIES = n, the n-th entry from the right of X-Forwarded-For; with 0 the peer.
    """
    hops = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part]
    if hops and len(chain) >= hops:
        return chain[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))
