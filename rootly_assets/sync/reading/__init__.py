"""How the lists of a group are read, and what is known of what did not come."""
