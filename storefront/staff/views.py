"""The page that says in words how the shop's parts are."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from storefront.staff.system import GOOD, parts


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """For those who may read cases."""
    if not request.user.has_perm("cases.view_case"):
        raise PermissionDenied
    found = parts(now=now())
    context = {
        **admin.site.each_context(request),
        "title": "System",
        "parts": found,
        "wrong": [part for part in found if part.state is not GOOD],
    }
    return render(request, "staff/system.html", context)


show_system = admin.site.admin_view(system)
