"""What a job is and what may happen to it; standard library only."""
