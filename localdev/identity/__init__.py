"""Local token issuer: OpenID metadata and JWKS of Entra ID, and the managed identity endpoint."""
