"""Tools for the repository itself, which people and pipelines run; never deployed."""
