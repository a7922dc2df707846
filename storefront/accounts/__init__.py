"""People: customers and staff, their language and how they sign in."""
