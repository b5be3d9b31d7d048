"""Angle of a rotation."""
