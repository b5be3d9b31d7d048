"""The ports over real services; the only importers of SDKs."""
