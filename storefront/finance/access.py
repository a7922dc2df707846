"""Who may open finance pages: proven staff with the right; others are met as the admin does."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

READ, TUNE = "finance.view_finance", "finance.change_alerts"
View = Callable[..., HttpResponseBase]


def for_finance(right: str = READ) -> Callable[[View], View]:
    """The view for those who have the right; strangers and customers are shown the staff's way in,
    other staff 403. What they are shown says nothing of what there is.
    """

    def guard(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not (request.user.is_active and request.user.is_staff):
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard
