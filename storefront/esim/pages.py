"""An eSIM as its page shows it: everything decided here, so that the template only shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import segno
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from storefront.catalog import plans
from storefront.catalog.countries import country_name
from storefront.esim import faults
from storefront.esim.models import Esim
from storefront.esim.parts import Parts
from storefront.esim.states import State
from storefront.esim.words import WORDS

_IOS = "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata="
_ANDROID = "https://esimsetup.android.com/esim_qrcode_provisioning?carddata="
# Words of a user agent that mean a phone or a tablet.
_HANDHELD = ("iphone", "ipad", "android", "mobile")


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package; what is not known is empty."""

    name: str
    left: str
    status: str
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class CountryView:
    """One country and its networks."""

    name: str
    networks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """What installs it, in plain text: only in the answer that wrote down who looked.

    The links and the drawing are None unless the LPA string is well formed.
    """

    lpa: str | None
    smdp: str | None
    activation: str | None
    qr: SafeString | None
    ios: str | None
    android: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EsimView:
    """The whole page."""

    id: UUID
    url: str
    name: str
    sku_name: str
    order_number: str
    order_url: str
    state: str
    sentence: str
    hint: str
    # The data as words, and as a share for the ring; both may be unknown.
    remaining: str
    total: str
    share: int | None
    is_unlimited: bool
    days_left: str
    ends_at: datetime | None
    packages: list[PackageView]
    coverage: list[CountryView]
    checked_at: datetime | None
    is_old: bool
    can_renew: bool
    has_number: bool
    top_ups: list["TopUpView"]
    faults: list[faults.Finding]
    is_handheld: bool
    # From when the days are counted, as a sentence.
    starts: str
    install: Install | None = None


@dataclass(frozen=True, slots=True)
class TopUpView:
    """Data that was added, or is about to be."""

    at: datetime
    name: str
    order_url: str
    status: str


def esim_view(
    esim: Esim, *, now: datetime, user_agent: str = "", parts: Parts | None = None
) -> EsimView:
    """The page of this eSIM; `parts` is what this one answer shows in plain text."""
    line = esim.delivery.line
    words = WORDS[State(esim.state)]
    is_unlimited = _is_unlimited(esim)
    is_over = esim.state in {State.USED_UP, State.EXPIRED}
    return EsimView(
        id=esim.pk,
        url=esim.get_absolute_url(),
        name=line.product_name,
        sku_name=line.sku_name,
        order_number=line.order.number,
        order_url=line.order.get_absolute_url(),
        state=esim.state,
        # A text nobody here knows is shown as it came.
        sentence=esim.status_text
        if esim.state == State.UNKNOWN and esim.status_text
        else str(words.sentence),
        hint=str(words.hint),
        remaining=_data(esim.data_remaining, esim) if esim.data_total else "",
        total=_data(esim.data_total, esim) if esim.data_total else "",
        share=_share(esim),
        is_unlimited=is_unlimited and not is_over,
        days_left=_days_left(esim.ends_at, now),
        ends_at=esim.ends_at,
        packages=[_package(row) for row in esim.packages],
        coverage=_coverage(esim),
        checked_at=esim.checked_at,
        is_old=esim.checked_at is not None and now - esim.checked_at > timedelta(hours=1),
        can_renew=bool(esim.can_renew) and esim.iccid_index is not None,
        has_number=esim.iccid_index is not None,
        top_ups=_top_ups(esim),
        faults=faults.findings(esim, now=now),
        is_handheld=any(word in user_agent.casefold() for word in _HANDHELD),
        starts=plans.validity_starts(line.sku.product.attributes),
        install=_install(parts) if parts else None,
    )


def _install(parts: Parts) -> Install:
    lpa = parts.scannable.reveal() if parts.scannable else None
    data = quote(lpa, safe="") if lpa else ""
    return Install(
        lpa=parts.lpa.reveal() if parts.lpa else None,
        smdp=parts.smdp.reveal() if parts.smdp else None,
        activation=parts.activation.reveal() if parts.activation else None,
        qr=_drawn(lpa) if lpa else None,
        ios=_IOS + data if lpa else None,
        android=_ANDROID + data if lpa else None,
    )


def _drawn(lpa: str) -> SafeString:
    """The QR code as SVG, black on white in every theme, with its quiet zone."""
    code = segno.make_qr(lpa, error="m", boost_error=False)
    svg = code.svg_inline(
        scale=8, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(svg)  # noqa: S308 - segno writes modules and sizes, never the text


def _share(esim: Esim) -> int | None:
    """Per cent left; None where the partner gives no total above zero."""
    total, left = esim.data_total, esim.data_remaining
    if not total or left is None:
        return None
    return int(min(max(left / total, Decimal(0)), Decimal(1)) * 100)


def _data(value: Decimal | None, esim: Esim) -> str:
    if value is None:
        return ""
    return _amount(f"{value.normalize():f}", esim.data_unit)


def _amount(number: str, unit: str) -> str:
    if (get_language() or "en").startswith("ru"):
        number = number.replace(".", ",")
    units = {"GB": _("GB"), "MB": _("MB")}
    return f"{number}\N{NO-BREAK SPACE}{units.get(unit.upper(), unit)}"


def _is_unlimited(esim: Esim) -> bool:
    """Whether it was sold as unlimited, and the partner names no amount."""
    if esim.data_total:
        return False
    sold = plans.plan(esim.delivery.line.sku.attributes, "en").data
    return sold == plans.plan({"unlimited": "true"}, "en").data


def _days_left(ends_at: datetime | None, now: datetime) -> str:
    if ends_at is None or ends_at <= now:
        return ""
    days = (ends_at - now) // timedelta(days=1)
    if not days:
        hours = max(1, (ends_at - now) // timedelta(hours=1))
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


def _package(row: dict[str, str | None]) -> PackageView:
    total, left, unit = row.get("total"), row.get("remaining"), row.get("unit") or ""
    said = ""
    if total and Decimal(total) > 0:
        whole = _amount(total, unit)
        said = (
            _("%(left)s of %(total)s") % {"left": _amount(left, unit), "total": whole}
            if left
            else whole
        )
    return PackageView(
        name=row.get("name") or "",
        left=said,
        status=row.get("status") or "",
        starts=_moment(row.get("activated_at")),
        ends=_moment(row.get("expires_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _coverage(esim: Esim) -> list[CountryView]:
    language = get_language() or "en"
    found: dict[str, list[str]] = {}
    for row in esim.coverage:
        name = country_name(row["code"], language) or row["country"]
        if name:
            found.setdefault(name, []).append(row["network"])
    return [
        CountryView(name, ", ".join(sorted({text for text in networks if text})))
        for name, networks in sorted(found.items())
    ]


def _top_ups(esim: Esim) -> list[TopUpView]:
    rows = esim.top_ups.select_related("line__order").order_by("-line__order__created_at")
    return [
        TopUpView(
            at=row.line.order.created_at,
            name=row.line.sku_name,
            order_url=row.line.order.get_absolute_url(),
            status=str(row.line.order.get_status_display()),
        )
        for row in rows
        if row.line.order.paid_at
    ]
