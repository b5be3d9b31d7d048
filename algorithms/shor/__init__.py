"""Factors of small numbers, by finding the order of a base."""
