"""The job engine: a domain without dependencies, services over ports, adapters to Azure."""
