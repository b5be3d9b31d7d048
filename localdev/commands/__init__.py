"""Subcommands of `python -m localdev`: demo, token, up."""
