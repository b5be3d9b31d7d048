"""Methods that algorithms share: statistics of readings, evidence beside results, optimisers."""
