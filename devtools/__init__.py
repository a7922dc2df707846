"""What only developers and tests need: embedded servers and the runner behind `make run`.

Nothing here runs in production. The shop's settings reach for it only when an address is missing
and DEBUG or DEMO is on; the shop imports nothing else from it.
"""
