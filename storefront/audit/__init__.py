"""The invariants: what must be true of the rows whatever happened, asked of all apps below."""
