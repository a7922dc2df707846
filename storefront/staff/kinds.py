"""What each kind of case means: its cause, what the system does about it, what a person may do.

Words only: what happened to whom stands in the case, and the rights stand with the actions.
"""

from enum import IntEnum
from typing import NamedTuple


class Urgency(IntEnum):
    """How soon a person should look; the lower, the sooner."""

    NOW = 1  # money or codes may be wrong
    TODAY = 2  # a customer waits
    SOON = 3  # nobody waits


class Kind(NamedTuple):
    """One kind of trouble, for people."""

    title: str
    urgency: Urgency
    doing: str
    todo: str
    ends_itself: bool = False


_FUNDS = "Offered again by itself, the oldest order first; for too long, the money goes back."
_PAUSED = "Nothing is shown and nothing is charged twice; it waits for a person."
_ASKED = "The partner is asked again and again, ever more slowly."
_SETTLING = "Tried again by itself. Codes stay hidden until the money is ours."
_DECIDE = "Open the purchase and read its history; ask again, or give up and return the money."

KINDS: dict[str, Kind] = {
    "invariant-broken": Kind(
        "An invariant is broken", Urgency.NOW,
        "Checked again every night; closes itself when it is found whole.",
        "Stop and look before anything else: money or codes are not as they must be.", True,
    ),
    "repeated-code": Kind(
        "A code that was sold before", Urgency.NOW, _PAUSED,
        "Ask the partner for another code; give up to return the money.",
    ),
    "wrong-echo": Kind(
        "The partner made another order", Urgency.NOW, _PAUSED,
        "Compare what was asked with what came, ask the partner, then decide.",
    ),
    "surplus": Kind(
        "More codes came than were asked for", Urgency.NOW, _PAUSED,
        "Ask the partner which are meant; then ask again or give up.",
    ),
    "wrong-total": Kind(
        "The partner charged another amount", Urgency.NOW,
        "Delivered, and booked as charged. Where it was more, the SKU is not sold any more.",
        "Claim the difference from the partner; sell the SKU again from its list, then close.",
    ),
    "dispute": Kind(
        "A customer disputes a payment", Urgency.NOW,
        "Codes nobody saw are locked, until the provider decides.",
        "Answer the provider in time. Won: unlock the codes on the order. Then close.",
    ),
    "dispute-closed": Kind(
        "A dispute was decided", Urgency.TODAY, "The codes stay as they are.",
        "Won: unlock the codes on the order. Lost: nothing. Then close both cases.",
    ),
    "refund-failed": Kind(
        "A refund came back", Urgency.NOW, "Our books say that it was given back.",
        "Look at the provider why, pay the customer by other means, then close.",
    ),
    "fraud-warning": Kind(
        "The bank warns of fraud", Urgency.NOW,
        "Codes nobody saw are locked.",
        "Refund before it becomes a dispute, or unlock the codes on the order. Then close.",
    ),
    "hold-lost": Kind(
        "Bought, and its money was gone", Urgency.NOW,
        "The codes are locked for good: they are the shop's.",
        "Find a use for the codes or claim them from the partner, then close.",
    ),
    "unreadable-code": Kind(
        "No key opens a code", Urgency.NOW, "The customer saw an error, and can try again.",
        "Put the key it was sealed with back into PIN_KEYS, then close.",
    ),
    "webhook-changed": Kind(
        "A webhook came with another body", Urgency.NOW,
        "Nothing was believed: orders are asked for, whatever a webhook says.",
        "Tell the partner. If it goes on, change the secret.",
    ),
    "provider-refusal": Kind(
        "The payment provider refuses", Urgency.NOW, _SETTLING,
        "Look the payment up at the provider; refund, or write to the customer.", True,
    ),
    "payment-refusal": Kind(
        "The payment provider refuses", Urgency.NOW, "Asked again by itself.",
        "Look the payment up at the provider.",
    ),
    "wrong-payment": Kind(
        "Paid with another amount", Urgency.NOW, "Nothing is delivered for it.",
        "Open the payment and give back what was paid wrongly.", True,
    ),
    "unwanted-payment": Kind(
        "Paid twice or too late", Urgency.TODAY, "The money goes back by itself.",
        "Check that it went back, then close.",
    ),
    "missing-codes": Kind(
        "Fewer codes came than promised", Urgency.TODAY,
        "What came is delivered, the money for the rest goes back.",
        "Claim from the partner what was charged for it, then close.",
    ),
    "code-problem": Kind(
        "A customer says a code does not work", Urgency.TODAY, "Nothing: a person answers.",
        "Ask the partner whether it was used; refund or explain; close.",
    ),
    "held-funds": Kind(
        "Our money at the partner ran out", Urgency.TODAY, _FUNDS,
        "Top the balance up. Nothing else is needed.", True,
    ),
    "float-short": Kind(
        "The float is short", Urgency.TODAY, "Checkout refuses what can't be bought.",
        "Top the balance up at the partner.", True,
    ),
    "held-configuration": Kind(
        "The partner refuses our credentials or clock", Urgency.NOW,
        "Offered again by itself. Nothing is refunded for that.",
        "Check PARTNER_API_TOKEN, PARTNER_API_SECRET and this machine's clock.", True,
    ),
    "held-unreachable": Kind(
        "The partner can't be reached", Urgency.TODAY,
        "Offered again by itself; nothing has left us.",
        "Wait. If it lasts, ask the partner.", True,
    ),
    "partner-circuit": Kind(
        "The partner rests", Urgency.TODAY, "Probed until it answers, then all goes on.",
        "Wait. If it lasts, ask the partner.", True,
    ),
    "unclear": Kind(
        "A status nobody knows", Urgency.TODAY, _ASKED,
        "Ask the partner what it means. Not failed before the partner says so.", True,
    ),
    "claimed": Kind(
        "The partner says it has it, and does not show it", Urgency.TODAY, _ASKED,
        "Ask the partner by our id. Never conclude that it was not placed.", True,
    ),
    "slow": Kind(
        "The partner takes long", Urgency.TODAY, _ASKED, "Ask the partner by our id.", True
    ),
    "stuck": Kind("A step of ours fails again and again", Urgency.TODAY, _PAUSED, _DECIDE, True),
    "unsendable": Kind("A request that can't be sent", Urgency.TODAY, _PAUSED, _DECIDE),
    "redirected": Kind(
        "The partner's address moved", Urgency.TODAY, "The answer was not believed.",
        "Check PARTNER_API_URL with the partner.",
    ),
    "settling-failed": Kind(
        "Settling failed", Urgency.TODAY, _SETTLING, "The log says why; tell a developer.", True,
    ),
    "provider-trouble": Kind(
        "The payment provider does not answer", Urgency.TODAY, _SETTLING,
        "Look at the provider's status page. Nothing else is needed.", True,
    ),
    "mail-failed": Kind(
        "A mail could not be sent", Urgency.TODAY, "Given up after five attempts.",
        "Look whether the address can be right; send it again from the outbox.", True,
    ),
    "webhook-unknown-order": Kind(
        "A webhook about an unknown order", Urgency.SOON, "Parked after waiting for the order.",
        "Does another shop use our credentials? Ask the partner, then close.",
    ),
    "catalog-sync": Kind(
        "A sync was held or failed", Urgency.TODAY,
        "What stood on the shelves stays; prices that grow too old are not sold.",
        "Read why on the sync page; sync again, or publish it all the same.", True,
    ),
    "catalog-prices": Kind(
        "Prices jumped", Urgency.TODAY, "Not sold until somebody accepts the new ones.",
        "Accept or leave each on the sync page.", True,
    ),
    "catalog-fields": Kind(
        "Nobody knows what to ask buyers", Urgency.SOON, "Not sold until somebody says.",
        "Say it on each product's page.", True,
    ),
    "reconciliation-break": Kind(
        "The books do not agree", Urgency.TODAY,
        "Compared again every night; closes itself when the books agree.",
        "Look at the differences on the reconciliation page: each says its cause and what to do.",
        True,
    ),
    "books-uncompared": Kind(
        "The books could not be compared", Urgency.TODAY, "Tried again every night.",
        "Compare now on the reconciliation page, or by manage.py reconcile.", True,
    ),
    "float-low": Kind(
        "The float is below its threshold", Urgency.TODAY,
        "Asked again every five minutes; what it can't pay for waits for a top-up.",
        "Top up at the partner, or tune the threshold on the finance page.", True,
    ),
    "float-overdraft": Kind(
        "The balance is in overdraft", Urgency.TODAY,
        "Asked again every five minutes; bought from the overdraft while the partner allows it.",
        "Top up at the partner.", True,
    ),
    "invariants-unchecked": Kind(
        "The partner's books were not compared", Urgency.TODAY, "Tried again every night.",
        "Compare now: manage.py check_invariants --partner.", True,
    ),
}  # fmt: skip

UNKNOWN = Kind("Something to look at", Urgency.TODAY, "Nothing that is known here.", "Read it.")
