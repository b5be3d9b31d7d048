"""Input formats: parsers of submitted programs, which return circuits for the simulators."""
