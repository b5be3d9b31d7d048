"""Benchmark of the local stack: each figure with its baseline and its target."""
