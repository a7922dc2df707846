"""From a cart to an order to its payment. The server computes everything."""
