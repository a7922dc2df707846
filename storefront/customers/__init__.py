"""Customers with an account: signing in, their orders, and who looked at their codes."""
