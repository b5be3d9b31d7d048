"""Local token issuer: metadata, keys and sign-in of Entra ID, the managed identity endpoint."""
