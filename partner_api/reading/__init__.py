"""From parsed JSON to models, tolerant where that is safe and loud where it is not."""
