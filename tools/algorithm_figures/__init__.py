"""Figures of the algorithms, for docs/catalogue.md: sizes, costs, measured evidence."""
