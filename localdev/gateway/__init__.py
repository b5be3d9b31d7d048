"""API gateway: applies the policies in `apim/` on this machine, as API Management does."""
