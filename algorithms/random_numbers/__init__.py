"""Unbiased random integers."""
