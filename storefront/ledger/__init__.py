"""What money did: append-only entries, from which every figure of finance is a sum."""
