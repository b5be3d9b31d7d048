"""What pipelines and maintainers run: checks, benchmarks, the package. Never deployed."""
