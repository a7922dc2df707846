"""Signing in, by a mailed code or a passkey, and the account's own page."""
