"""The finance pages: the float, a fresh look at it, and whom to tell of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storefront import partner
from storefront.finance import actions
from storefront.finance.access import TUNE, for_finance
from storefront.finance.forms import AlertsForm
from storefront.finance.models.balance import AlertsChange
from storefront.finance.pages import DAYS, dashboard
from storefront.finance.queries import balance as queries

CHANGES = 20


@require_safe
@for_finance()
def show(request: HttpRequest) -> HttpResponse:
    """The float: numbers first, the chart after, tables behind. Old figures are asked for anew."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(days) for days in DAYS} else DAYS[0]
    actions.freshen(now=now())
    page = dashboard(now=now(), days=days)
    may_tune = request.user.has_perm(TUNE)
    context = {"page": page, "choices": sorted(DAYS), "may_tune": may_tune, "here": "float"}
    return render(request, "finance/dashboard.html", context)


@require_POST
@for_finance()
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the partner now; the page does not wait for longer than its haste."""
    reading = actions.read_balance(client=partner.hasty_client(), now=now())
    if reading.error:
        messages.warning(request, _("No answer just now. What is shown is the last we know."))
    return redirect("finance:dashboard")


@require_http_methods(["GET", "HEAD", "POST"])
@for_finance(TUNE)
def alerts(request: HttpRequest) -> HttpResponse:
    """Tune the alerts, and see who did before."""
    row = queries.alerts()
    saved = {name: getattr(row, name) for name in ("tells_of_overdraft", "recipients", "locale")}
    # Without the zeros that the column keeps.
    threshold = "" if row.threshold is None else f"{row.threshold:.2f}"
    form = AlertsForm(request.POST or None, initial=saved | {"threshold": threshold})
    if request.method == "POST" and form.is_valid():
        actions.save_alerts(**form.cleaned_data, by=str(request.user), now=now())
        messages.success(request, _("The alerts are saved."))
        return redirect("finance:dashboard")
    changes = AlertsChange.objects.order_by("-pk")[:CHANGES]
    context = {"form": form, "changes": changes, "here": "alerts"}
    status = 400 if form.errors else 200
    return render(request, "finance/alerts.html", context, status=status)
