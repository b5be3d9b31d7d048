"""Triggers: parse, call a service, render."""
