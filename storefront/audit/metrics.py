"""`/metrics`: what the database knows of the shop's work, for Prometheus; read anew at each scrape.

Every process answers alike, so nothing is counted in memory and nothing is lost with a process. All
queries read indexes of what is open or new, never whole tables.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import accumulate

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from storefront.audit.queries import overdue
from storefront.audit.watching import Vitals, vitals
from storefront.core.measures import BUCKETS
from storefront.core.models import Measure
from storefront.fulfillment.states import ACTIVE, Status

_HOUR = timedelta(hours=1)

# Name, help, label, and a query of pairs (label's value, number).
_BY_LABEL = [
    (
        "kiosk_purchases_open",
        "Partner orders under way, by state",
        "state",
        """SELECT status, count(*) FROM fulfillment_purchase
           WHERE status = ANY(%(active)s) GROUP BY 1""",
    ),
    (
        "kiosk_orders_last_hour",
        "Orders made in the last hour, by state",
        "state",
        "SELECT status, count(*) FROM orders_order WHERE created_at > %(hour_ago)s GROUP BY 1",
    ),
    (
        "kiosk_partner_circuit_open",
        "1 while calls of this capability rest",
        "capability",
        "SELECT capability, (open_until > %(now)s)::int FROM partner_circuit",
    ),
    (
        "kiosk_webhooks_refused_last_hour",
        "Deliveries turned away in this and the last full hour, by status",
        "status",
        """SELECT status::text, sum(count) FROM webhooks_refusal
           WHERE hour > %(hour_ago)s GROUP BY 1""",
    ),
    (
        "kiosk_time_to_code_seconds",
        "From payment to delivery over the last hour, by quantile",
        "quantile",
        """SELECT unnest(ARRAY['0.5', '0.95', '0.99']),
             unnest(percentile_cont(ARRAY[0.5, 0.95, 0.99])
               WITHIN GROUP (ORDER BY extract(epoch FROM d.delivered_at - o.paid_at)))
           FROM orders_order o
           JOIN orders_orderline l ON l.order_id = o.id JOIN orders_delivery d ON d.line_id = l.id
           WHERE o.created_at > %(hour_ago)s""",
    ),
    (
        "kiosk_catalog_age_seconds",
        "Since the last published sync, by kind",
        "kind",
        """SELECT kind, extract(epoch FROM %(now)s - max(finished_at)) FROM catalog_syncrun
           WHERE status = 'published' GROUP BY 1""",
    ),
    (
        "kiosk_cases_open",
        "What waits for a person",
        "kind",
        "SELECT kind, count(*) FROM cases_case WHERE closed_at IS NULL GROUP BY 1",
    ),
    (
        "kiosk_mails_waiting",
        "Mails not sent yet",
        "state",
        "SELECT status, count(*) FROM mail_message WHERE status = 'queued' GROUP BY 1",
    ),
]


class _Shop(Collector):
    """All figures of one scrape."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """One family after another, each with its own statement."""
        late = GaugeMetricFamily(
            "kiosk_work_overdue_seconds", "For how long the oldest has been due", labels=["work"]
        )
        for work, age in overdue(now=self.at).items():
            late.add_metric([work], age.total_seconds())
        yield late
        values: dict[str, datetime | list[Status]] = {
            "now": self.at,
            "hour_ago": self.at - _HOUR,
            "active": sorted(ACTIVE),
        }
        for name, about, label, query in _BY_LABEL:
            family = GaugeMetricFamily(name, about, labels=[label])
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                for key, number in cursor.fetchall():
                    if number is not None:
                        family.add_metric([key], number)
            yield family
        yield from _ages(vitals(now=self.at))
        yield from _measures()


def _ages(found: Vitals) -> Iterator[Metric]:
    """How old what we know is, the float, and how far the clocks are apart."""
    ages = {"webhook": found.webhook, "sync": found.sync, "balance": found.balance}
    family = GaugeMetricFamily("kiosk_age_seconds", "Since it was last heard of", labels=["what"])
    for name, age in ages.items():
        if age is not None:
            family.add_metric([name], age.total_seconds())
    yield family
    if found.clock_skew is not None:
        yield GaugeMetricFamily(
            "kiosk_clock_skew_seconds", "The partner's clock ahead of ours", found.clock_skew
        )
    yield GaugeMetricFamily("kiosk_broker_up", "1 while it answers", int(found.is_broker_there))
    if found.available is not None:
        yield GaugeMetricFamily(
            "kiosk_float_available",
            "By the partner's last word, in its currency",
            found.available,  # type: ignore[arg-type]  # any number will do
        )


def _measures() -> Iterator[Metric]:
    """How long requests and the partner's answers took, over all processes."""
    families = {
        "request": HistogramMetricFamily(
            "kiosk_request_seconds", "Answering, by view and kind of answer",
            labels=["view", "answer"],
        ),
        "partner": HistogramMetricFamily(
            "kiosk_partner_seconds", "The partner, by endpoint and outcome",
            labels=["endpoint", "outcome"],
        ),
    }  # fmt: skip
    for measure in Measure.objects.filter(name__in=families):
        ends = [f"{end / 1_000_000:g}" for end in BUCKETS] + ["+Inf"]
        buckets = list(zip(ends, accumulate(measure.buckets), strict=True))
        labels = measure.label.rsplit(" ", 1)
        families[measure.name].add_metric(labels, buckets, measure.microseconds / 1_000_000)
    yield from families.values()


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format. From inside only; to everybody else, not here."""
    if not _is_from_inside(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Shop(now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_from_inside(request: HttpRequest) -> bool:
    """A private address that came through no proxy: what a shop earns is nobody else's business."""
    peer = request.META.get("REMOTE_ADDR", "")
    if "X-Forwarded-For" in request.headers:
        return False
    return not peer or ip_address(peer).is_private
