"""Buying what was paid for from the partner: exactly once, whatever fails (docs/promises.md)."""
