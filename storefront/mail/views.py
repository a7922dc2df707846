"""The demonstration's mailbox: mails that were written to files, to be read in the browser."""

from email import policy
from email.parser import BytesParser
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storefront.core.clients import client_address

NEWEST = 50
SEPARATOR = b"-" * 79 + b"\n"


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails; only in a demonstration that has no mail server, and only to this machine:
    each mail opens somebody's order.
    """
    if settings.STRICT or "filebased" not in settings.EMAIL_BACKEND or not _is_here(request):
        raise Http404
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)[:NEWEST]
    shown = [mail for path in files if (mail := _shown(path))]
    return render(request, "mail/outbox.html", {"messages_list": shown})


def _is_here(request: HttpRequest) -> bool:
    address = client_address(request)
    return bool(address) and ip_address(address).is_loopback


def _shown(path: Path) -> dict[str, object] | None:
    """The mail in the file; none while it is still being written."""
    raw = path.read_bytes().split(SEPARATOR)[0]
    message = BytesParser(policy=policy.default).parsebytes(raw)
    body = message.get_body(preferencelist=("plain",))
    if not message["Date"] or body is None:
        return None
    return {
        "to": message["To"],
        "subject": message["Subject"],
        "created_at": message["Date"].datetime,
        "body_text": body.get_content(),
    }
