"""The choice of assets that balances expected return and risk."""
