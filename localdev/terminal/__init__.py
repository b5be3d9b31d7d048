"""Terminal: output, arguments and signals of the commands."""
