"""Jobs and their rules as plain values; standard library only."""
