"""Every invariant that is a statement about rows, in the order of its number.

Statements about behaviour (INV-20, INV-22, INV-26, INV-28, INV-32 and others) are tests; which one
shows which is in docs/promises.md.
"""

from storefront.audit.checks import inbox, margins, money, partner, placement, secrets, shelf

OURS = tuple(
    sorted(
        (
            *placement.CHECKS,
            *money.CHECKS,
            *margins.CHECKS,
            *inbox.CHECKS,
            *secrets.CHECKS,
            *shelf.CHECKS,
        ),
        key=lambda check: check.invariant,
    )
)
WITH_PARTNER = partner.CHECKS
