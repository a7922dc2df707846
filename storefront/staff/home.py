"""The admin's first page: what needs a person, for those who may read cases."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from storefront.staff.inbox import inbox


def show_inbox(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold asks for what the page shows beside the list of apps."""
    if request.user.has_perm("cases.view_case"):
        kind = request.GET.get("kind", "")[:40]
        context |= {
            "inbox": inbox(now=now(), kind=kind),
            "kind": kind,
            "may_write": request.user.has_perm("cases.change_case"),
        }
    return context
