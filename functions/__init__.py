"""Triggers of Azure Functions: parse, call a service, render."""
