"""Secret of a linear function, read by one call of it."""
