"""A Functions host for one app: HTTP, queues and timers around Microsoft's own runtime library.

It has what the app's functions use. Another binding, an option of one, a retry policy or a route
with more than names in it is refused by name when the app is loaded.
"""
