"""The inbox of what others call us about: verify, store once, answer, apply later."""
