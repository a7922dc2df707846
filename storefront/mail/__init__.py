"""The outbox: one row per message, rendered in the reader's language when it is sent."""
