"""Two or more computed cases side by side: what differs between them, and what that did."""
