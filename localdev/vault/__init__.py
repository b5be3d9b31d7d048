"""Local key vault: the secrets API of Azure Key Vault, over TLS."""
