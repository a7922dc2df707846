"""eSIMs a customer owns: what installs them, what the partner says of them, what was added."""
