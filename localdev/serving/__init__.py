"""What every HTTP server of the local stack has in common."""
