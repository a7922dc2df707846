"""The partner client, tested against real servers on the loopback."""
