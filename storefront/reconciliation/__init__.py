"""Three books that must agree: what we bought, what the partner sold and booked, what was paid.

`mirror` keeps a copy of the partner's ledger, `chain` checks that it explains itself, `comparing`
holds the three beside each other, and each difference is a row until its cause ends.
"""
