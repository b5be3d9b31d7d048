"""QIR programs of callers."""
