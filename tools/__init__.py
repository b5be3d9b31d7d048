"""Tools for pipelines and maintainers: checks, benchmarks, the package. Never deployed."""
