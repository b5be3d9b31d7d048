"""What each policy does: functions that make of an element what runs for each request."""
