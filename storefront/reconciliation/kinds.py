"""The kinds of difference: what each means and what a person does about it."""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """Between which books, and what does not agree."""

    # Our purchases and the partner's orders.
    BOUGHT_TWICE = "bought_twice", _("Bought twice")
    ORDER_MISSING = "order_missing", _("Delivered, and the partner has no order")
    NOT_SOLD = "not_sold", _("Delivered, and the partner says it failed")
    SOLD_AFTER_ALL = "sold_after_all", _("Given up, and the partner sold it")
    GOODS_DIFFER = "goods_differ", _("The partner sold something else")
    UNITS_DIFFER = "units_differ", _("The partner counts other codes")
    ORDER_UNKNOWN = "order_unknown", _("An order of ours that nobody knows")
    ORDER_FOREIGN = "order_foreign", _("An order that is not this shop's")
    # The partner's ledger and what we booked.
    CHARGED_TWICE = "charged_twice", _("Charged more than once")
    CHARGE_MISSING = "charge_missing", _("Sold, and never charged")
    CHARGE_DIFFERS = "charge_differs", _("Charged another amount")
    CHARGE_UNKNOWN = "charge_unknown", _("Charged for an order that nobody has")
    CURRENCY_DIFFERS = "currency_differs", _("Charged in another currency")
    REFUND_MISSING = "refund_missing", _("Not delivered, and not given back")
    COST_UNBOOKED = "cost_unbooked", _("A cost that our ledger lacks")
    # The partner's ledger itself.
    UNEXPLAINED = "unexplained", _("A movement of an unknown kind")
    GAP = "gap", _("The partner's ledger does not add up")
    ROW_GONE = "row_gone", _("A row of the partner's ledger is gone")
    BALANCE_DIFFERS = "balance_differs", _("The balance is not the ledger's")
    AVAILABLE_DIFFERS = "available_differs", _("What is available is not the balance's")
    # Our payments, our ledger and what was delivered.
    KEPT_TOO_MUCH = "kept_too_much", _("Taken, and neither delivered nor given back")
    GAVE_TOO_MUCH = "gave_too_much", _("Delivered or given back more than was taken")
    BOUGHT_UNPAID = "bought_unpaid", _("Bought, and nobody paid")
    SALE_DIFFERS = "sale_differs", _("A sale that payments and ledger tell differently")
    REFUND_DIFFERS = "refund_differs", _("A refund that payments and ledger tell differently")


class Advice(NamedTuple):
    """What the difference most often comes of, and what to do."""

    cause: str | Promise
    todo: str | Promise


_CLAIM = _("Claim the amount from the partner with both ids; accept once it has answered.")
_LOOK = _("Look at the order's story and decide there; it closes itself when the books agree.")

ADVICE: dict[str, Advice] = {
    Cause.BOUGHT_TWICE: Advice(
        _("The partner has two orders of one external id, both with goods."), _CLAIM
    ),
    Cause.ORDER_MISSING: Advice(
        _("The partner's list lags, or it has removed the order."),
        _("Ask the partner for the order by its id; the goods are the customer's."),
    ),
    Cause.NOT_SOLD: Advice(
        _("The partner cancelled the order after it had delivered."),
        _("Ask the partner whether the codes still work, and tell the customer if not."),
    ),
    Cause.SOLD_AFTER_ALL: Advice(
        _("It was given up and the customer has the money; the partner delivered later."), _CLAIM
    ),
    Cause.GOODS_DIFFER: Advice(
        _("The partner's order has another product or quantity than ours."), _CLAIM
    ),
    Cause.UNITS_DIFFER: Advice(_("The partner lists more or fewer codes than we stored."), _LOOK),
    Cause.ORDER_UNKNOWN: Advice(
        _("An order with an external id like ours, and no purchase: restored from an old backup?"),
        _("Find out who sent it before anything else is bought; then claim or accept it."),
    ),
    Cause.ORDER_FOREIGN: Advice(
        _("Somebody else buys on this account of the partner."),
        _("Accept it if you know who; otherwise have the partner change the keys."),
    ),
    Cause.CHARGED_TWICE: Advice(_("The partner's ledger has two charges for one order."), _CLAIM),
    Cause.CHARGE_MISSING: Advice(
        _("The charge comes later, or the partner forgot it."),
        _("Nothing yet; after a few days tell the partner, or accept."),
    ),
    Cause.CHARGE_DIFFERS: Advice(
        _("The partner's order named one amount and its ledger another."), _CLAIM
    ),
    Cause.CHARGE_UNKNOWN: Advice(
        _("A charge names an order that is neither in the partner's list nor in ours."), _CLAIM
    ),
    Cause.CURRENCY_DIFFERS: Advice(
        _("The charge is in another currency than the price was."), _CLAIM
    ),
    Cause.REFUND_MISSING: Advice(_("The partner kept money for goods it did not deliver."), _CLAIM),
    Cause.COST_UNBOOKED: Advice(
        _("Goods came and their cost was not written: a fault of the shop."),
        _("Report it; margins of that day are too high by this amount."),
    ),
    Cause.UNEXPLAINED: Advice(
        _("An adjustment, a fee or something else the partner has not announced."),
        _("Ask the partner what it is for, then accept it."),
    ),
    Cause.GAP: Advice(
        _("Between two rows the balance changed by more than the rows say: a row is missing."),
        _("Ask the partner for the rows of that time; a late row closes it."),
    ),
    Cause.ROW_GONE: Advice(
        _("A row was listed before and is not any more, or reads differently now."),
        _("Ask the partner why it changed its books, then accept it."),
    ),
    Cause.BALANCE_DIFFERS: Advice(
        _("The balance changed and the ledger has no row of it."),
        _("Ask the partner for the missing row; a late row closes it."),
    ),
    Cause.AVAILABLE_DIFFERS: Advice(
        _("Available is not balance less reserved plus overdraft, as it always was."),
        _("Ask the partner; the shop spends no more than the partner calls available."),
    ),
    Cause.KEPT_TOO_MUCH: Advice(_("The rest of a payment was not given back."), _LOOK),
    Cause.GAVE_TOO_MUCH: Advice(_("More left the shop than came in for this order."), _LOOK),
    Cause.BOUGHT_UNPAID: Advice(
        _("The money was held, and gone before it could be taken."),
        _("The codes are locked and the shop's: find a use for them, then accept the loss."),
    ),
    Cause.SALE_DIFFERS: Advice(
        _("A payment was taken and the ledger has another amount or none: a fault of the shop."),
        _("Report it; compare with the provider's own page."),
    ),
    Cause.REFUND_DIFFERS: Advice(
        _("A refund was made and the ledger has another amount or none: a fault of the shop."),
        _("Report it; compare with the provider's own page."),
    ),
}
