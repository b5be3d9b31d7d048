"""Local Azure Web PubSub: messages to the WebSocket clients of one user."""
