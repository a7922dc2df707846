"""The customer's pages about an order."""
