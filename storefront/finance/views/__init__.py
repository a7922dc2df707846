"""The finance pages."""
