"""The partner on your own machine: every endpoint, its money, its webhooks, and trouble on request.

It serves `make run`, the tests and the contract suite. Of the library it shares only `signing`: if
both sides read the wire with the same code, a wrong field name would agree with itself. It knows
nothing of the shop, and needs nothing but the standard library (`adapter` alone needs requests).
"""
