"""What the commands print and read at the terminal, and how they stop."""
