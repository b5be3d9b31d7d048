"""Time and trouble on request: a clock that can be advanced, queues, faults, quotas."""
