"""Input formats: what clients send as a program, read into what the simulators run."""
