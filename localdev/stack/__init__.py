"""The local stack: its processes, their order, and the facts that later ones need."""
