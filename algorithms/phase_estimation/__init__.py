"""Estimation of the phase that a gate gives its eigenstate."""
