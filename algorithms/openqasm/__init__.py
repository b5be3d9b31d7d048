"""OpenQASM programs of callers."""
