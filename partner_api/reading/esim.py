"""Reads the status of an eSIM. Only its ICCID must be there; unlimited plans have no numbers."""

from partner_api.models import Coverage, DataBalance, EsimPackage, EsimStatus, Leftovers
from partner_api.reading.delivery import is_install_key, read_delivery
from partner_api.reading.page import sorted_out
from partner_api.reading.row import Row
from partner_api.secret import Secret

_KNOWN = frozenset(
    {
        "esim_id", "iccid", "status", "can_renew", "last_bundle", "data_balance",
        "active_packages", "coverage",
    }
)  # fmt: skip


def read_esim_status(value: object, where: str) -> EsimStatus:
    """One eSIM, its packages and networks. Rows of those two that can't be read are left out."""
    row = Row(value, where)
    packages, _ = sorted_out(row.rows("active_packages"), row.at("active_packages"), _read_package)
    coverage, _ = sorted_out(row.rows("coverage"), row.at("coverage"), _read_coverage)
    # What installs the eSIM comes here under the same names as when it is delivered.
    install = read_delivery(
        {key: value for key, value in row.values.items() if is_install_key(key)}, where
    )
    return EsimStatus(
        esim_id=row.maybe_text("esim_id"),
        iccid=Secret(row.text("iccid")),
        status=row.loose_text("status") or "",
        lpa=install.lpa,
        smdp_address=install.smdp_address,
        activation_code=install.activation_code,
        can_renew=row.maybe_flag("can_renew"),
        last_bundle=row.loose_text("last_bundle"),
        data_balance=_data_balance(row),
        active_packages=packages,
        coverage=coverage,
        extra=(*install.extra, *_others(row)),
    )


def _others(row: Row) -> Leftovers:
    known = {key for key in row.values if key in _KNOWN or is_install_key(key)}
    if not isinstance(row.values.get("data_balance"), dict):
        known.discard("data_balance")
    return row.leftovers(known)


def _data_balance(status: Row) -> DataBalance | None:
    # Free text such as "unlimited" is kept among the leftovers.
    if not isinstance(status.values.get("data_balance"), dict):
        return None
    row = Row(status.values["data_balance"], status.at("data_balance"))
    return DataBalance(
        total=row.maybe_number("total_gb"),
        remaining=row.maybe_number("remaining_gb"),
        unit=row.loose_text("unit") or "GB",
    )


def _read_package(value: object, where: str) -> EsimPackage:
    row = Row(value, where)
    return EsimPackage(
        id=row.maybe_text("id") or "",
        name=row.loose_text("name") or "",
        data_total=row.maybe_number("data_total"),
        data_remaining=row.maybe_number("data_remaining"),
        data_unit=row.loose_text("data_unit") or "GB",
        activated_at=row.maybe_moment("activated_at"),
        expires_at=row.maybe_moment("expires_at"),
        status=row.loose_text("status") or "",
    )


def _read_coverage(value: object, where: str) -> Coverage:
    row = Row(value, where)
    return Coverage(
        country_name=row.loose_text("country_name") or "",
        country_code=row.loose_text("country_code") or "",
        network_name=row.loose_text("network_name") or "",
    )
