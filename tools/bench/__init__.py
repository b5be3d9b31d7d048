"""Measures the local stack, each figure beside the floor under it and its target."""
