"""Writing purchases: starting, buying, asking, applying answers, settling, sweeping."""
