"""Fault injection at full length: the local stack under load and faults, then an audit of it."""
