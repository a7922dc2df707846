"""Months of something as products: memberships, VPN and licences. All sold as codes."""

from decimal import Decimal

from .categories import SHELVES
from .countries import COUNTRIES, Country
from .model import Product, Text
from .parts import cost, fixed_sku, roll, stable_id
from .plans import PLANS, Plan
from .texts import ANYWHERE, Steps, counted, page, with_place

_ONE = Decimal(1)
_START = (
    Text("The months start when the code is redeemed.", "Срок идёт с момента активации кода."),
    Text(
        "Nothing renews by itself: when the time is over, it ends.",
        "Автопродления нет: срок закончился — подписка остановилась.",
    ),
    Text(
        "Redeem the code within a year of buying it.",
        "Активируйте код в течение года после покупки.",
    ),
)


def months(number: int) -> Text:
    """Return "3 months" and "3 месяца"."""
    return counted(number, ("month", "months"), ("месяц", "месяца", "месяцев"))


def _where(plan: Plan, country: Country | None) -> Text:
    if country:
        return Text(
            f"For accounts registered in {country.en_in}.",
            f"Для аккаунтов, зарегистрированных {country.ru_in}.",
        )
    if plan.devices:
        return Text(
            f"Works in every country where the service is offered. Devices: {plan.devices}.",
            f"Работает во всех странах, где доступен сервис. Устройств: {plan.devices}.",
        )
    return Text(
        "Works in every country where the service is offered.",
        "Работает во всех странах, где доступен сервис.",
    )


def subscription(plan: Plan, country: Country | None, factor: Decimal = _ONE) -> Product:
    """Make a subscription; `factor` is how prices of a country differ from American ones."""
    kind = "voucher" if plan.shelf == "members" else "other"
    path = (kind, plan.name, country.code if country else "global")
    attributes: dict[str, object] = {"brand": plan.name, "digital_acceptance": "online"}
    attributes |= {"country": country.code} if country else {"region": "global"}
    if plan.devices is not None:
        attributes["devices"] = str(plan.devices) if plan.devices else "unlimited"
    start = _START[roll("/".join(path), len(_START))]
    return Product(
        id=stable_id("product", *path),
        type=kind,
        denomination_type="fixed",
        name=with_place(plan.title, country or ANYWHERE),
        description=page(plan.about, Steps(plan.redeem), _where(plan, country), start),
        image="",
        category_id=SHELVES[plan.shelf],
        attributes=attributes,
        fields=plan.fields,
        skus=tuple(
            fixed_sku(
                (*path, str(number)),
                Text(
                    f"{plan.title.en}, {months(number).en}", f"{plan.title.ru}, {months(number).ru}"
                ),
                cost(price * factor, _ONE, plan.discount, f"{plan.name}/{number}"),
                {"period_months": str(number)},
            )
            for number, price in plan.periods
        ),
    )


def subscriptions() -> list[Product]:
    """Return the demo subscriptions and licences."""
    return [subscription(plan, COUNTRIES[plan.country] if plan.country else None) for plan in PLANS]
