"""Taking money and giving it back: payments, captures, refunds, and their providers."""
