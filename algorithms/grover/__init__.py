"""Search of an assignment that satisfies a condition, by amplitude amplification."""
