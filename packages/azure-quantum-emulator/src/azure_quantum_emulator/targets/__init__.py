"""Providers and their targets, as data: properties, noise models and prices."""
