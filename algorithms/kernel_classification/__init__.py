"""Kernel classification: points of two classes told apart by a quantum kernel."""
