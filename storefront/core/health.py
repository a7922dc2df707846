"""A probe: is this process alive?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes its request
    """The process answers."""
    return JsonResponse({"status": "ok"})
