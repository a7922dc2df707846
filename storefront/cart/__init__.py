"""The session's cart: what a visitor means to buy, and the prices they were shown."""
