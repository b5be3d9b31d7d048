"""Quil, Rigetti's language: the part of it that describes circuits."""
