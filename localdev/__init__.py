"""The laptop's Azure; never deployed."""
