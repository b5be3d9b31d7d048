"""Plots as SVG: axes, legends and colours that are readable on a light and on a dark page."""
