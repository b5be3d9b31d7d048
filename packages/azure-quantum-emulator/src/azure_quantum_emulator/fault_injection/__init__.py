"""Fault injection and simulated time: a clock to advance, queue delays, faults, quotas."""
