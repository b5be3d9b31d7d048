"""Plots and pictures as SVG, readable on a light and on a dark page; standard library only."""
