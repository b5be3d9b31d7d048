"""Providers and their targets, as data: what they are, how noisy, what they charge."""
