"""A key vault: secrets for identities that may read them, over TLS."""
