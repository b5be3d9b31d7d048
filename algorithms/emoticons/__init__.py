"""Two emoticons in one quantum state."""
