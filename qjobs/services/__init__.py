"""One use case per file; ports in, domain objects out."""
