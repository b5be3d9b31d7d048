"""The commands of the local stack: demo, token, up."""
