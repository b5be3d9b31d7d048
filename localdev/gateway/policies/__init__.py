"""Implementations of the policies: functions that compile an element into a step."""
