"""Orders, what was delivered for them, and the customer's pages."""
