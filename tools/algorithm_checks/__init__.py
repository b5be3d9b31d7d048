"""What is known of the algorithms before anything is deployed: compiled, estimated, simulated."""
