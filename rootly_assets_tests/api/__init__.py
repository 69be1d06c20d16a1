"""What the client promises, tried over real HTTP."""
