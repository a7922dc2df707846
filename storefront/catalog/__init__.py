"""What the shop sells: kept from the partner's catalog, priced by us, shown from our database.

It knows the partner, and nothing of carts, orders or payments.
"""
