"""Checks of the algorithms before a deployment: compiled, estimated, simulated."""
