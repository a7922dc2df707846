"""One eSIM: where it is in its life, what data it has left, how its status is written.

It knows nothing of orders but their ids, and nothing of money.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from partner_api.sandbox.wire import Json

#: The walk of a life: state, the partner's free text for it, the share of data left.
WALK: dict[str, tuple[str, Decimal]] = {
    "released": ("Released", Decimal(1)),
    "installed": ("Installed", Decimal(1)),
    "half": ("Installed", Decimal("0.5")),
    "low": ("Installed", Decimal("0.05")),
    "used_up": ("Used up", Decimal(0)),
    "expired": ("Expired", Decimal(0)),
}


@dataclass(slots=True)
class Package:
    """One bundle of data; sizes in GB, None for unlimited."""

    id: str
    name: str
    total: Decimal | None
    remaining: Decimal | None
    days: int
    activated_at: datetime | None = None
    expires_at: datetime | None = None
    status: str = "pending"

    def view(self) -> Json:
        """Return the package as the reference shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "data_total": self.total,
            "data_remaining": self.remaining,
            "data_unit": "GB",
            "activated_at": _zulu(self.activated_at),
            "expires_at": _zulu(self.expires_at),
            "status": self.status,
        }


@dataclass(slots=True)
class Esim:
    """An eSIM and its packages, oldest first."""

    id: str
    iccid: str
    order_id: str
    sku_id: str
    smdp_address: str
    matching_id: str
    renewable: bool
    state: str = "released"
    status_text: str | None = None
    packages: list[Package] = field(default_factory=list)

    @property
    def lpa(self) -> str:
        """Return the activation code a phone scans."""
        return f"LPA:1${self.smdp_address}${self.matching_id}"

    def add(self, package: Package, *, now: datetime) -> None:
        """Add a package; on an installed eSIM it counts from now."""
        self.packages.append(package)
        if self.state in {"used_up", "expired", "half", "low"}:
            self.state = "installed"
        if self.state != "released":
            _activate(package, now)

    def move(self, state: str, *, now: datetime) -> None:
        """Put the eSIM at one point of its life, with the data left that belong there."""
        self.state = state
        share = WALK[state][1]
        for package in self.packages:
            if state == "released":
                package.activated_at = package.expires_at = None
                package.status = "pending"
            else:
                _activate(package, now)
            package.remaining = None if package.total is None else package.total * share
            if state == "used_up":
                package.status = "finished"
            if state == "expired":
                package.status, package.expires_at = "expired", now

    def step(self) -> str:
        """Return the state that follows the present one."""
        states = list(WALK)
        return states[min(states.index(self.state) + 1, len(states) - 1)]

    def view(self, coverage: Iterable[object] = ()) -> Json:
        """Return the status call's data. Unlimited plans have no data balance."""
        live = [item for item in self.packages if item.status in {"active", "pending"}]
        shown = live or self.packages[-1:]
        limited = [item for item in shown if item.total is not None]
        balance: Json | None = None
        if limited and len(limited) == len(shown):
            balance = {
                "total_gb": sum((item.total or Decimal(0) for item in limited), Decimal(0)),
                "remaining_gb": sum((item.remaining or Decimal(0) for item in limited), Decimal(0)),
                "unit": "GB",
            }
        return {
            "esim_id": self.id,
            "iccid": self.iccid,
            "status": self.status_text or WALK[self.state][0],
            "qr_code": self.lpa,
            "can_renew": self.renewable,
            "last_bundle": self.packages[-1].name if self.packages else None,
            "data_balance": balance,
            "active_packages": [item.view() for item in live],
            "coverage": list(coverage),
        }


def _activate(package: Package, now: datetime) -> None:
    if package.activated_at is None:
        package.activated_at = now
        package.expires_at = now + timedelta(days=package.days)
    package.status = "active"


def _zulu(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
