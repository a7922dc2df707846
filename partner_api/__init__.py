"""The partner's wholesale API as a library: signed orders, catalog, balance, eSIMs, webhooks."""
