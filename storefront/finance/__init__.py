"""The float at the partner, what it is worth in hours, and what was earned: pages for finance."""
