"""The local stack: its processes, their order, and what each is told of the others."""
