"""A Functions host for one app: HTTP, queues and timers around Microsoft's own runtime library."""
